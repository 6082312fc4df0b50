/**
 * Measures directories of any file system beside each other: {@code bench/mounts}. What is measured is in {@code work}; here is who takes
 * his turn when, what is sampled around it, and what the results are.
 */
package io.tarn.bench.mount;
