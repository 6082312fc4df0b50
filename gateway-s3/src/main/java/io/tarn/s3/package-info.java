/** Placeholder. */
package io.tarn.s3;
