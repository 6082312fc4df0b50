/** JMH benchmarks of single pieces of code; {@code bench/jmh} runs them. */
package io.tarn.bench.micro;
