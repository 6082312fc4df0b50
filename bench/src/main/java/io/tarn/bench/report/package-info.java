/** Measurements as a text table, Markdown or JSON, with ratios between two endpoints. */
package io.tarn.bench.report;
