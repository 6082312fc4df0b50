/** Placeholder. */
package io.tarn.server;
