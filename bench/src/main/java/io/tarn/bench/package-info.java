/** Placeholder. */
package io.tarn.bench;
