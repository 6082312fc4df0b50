/**
 * What clients and nodes say to each other: methods, messages, frames of bytes, failures. Used by {@code io.tarn.core.remote} and
 * {@code io.tarn.core.service}, and by nobody else.
 */
package io.tarn.core.protocol;
