/** What is run against an endpoint, in which order and for how long; yields measurements for {@code report}. */
package io.tarn.bench.load;
