/** Typed configuration: records with defaults, read from YAML and {@code key=value} pairs. Knows nothing of what is configured. */
package io.tarn.server.config;
