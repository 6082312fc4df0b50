package io.tarn.bench.load;

/**
 * One line of the report.
 *
 * @param operation what is done
 * @param sizeBytes size of the objects
 * @param concurrency connections, each with one request outstanding
 * @param keysInBucket keys that the bucket holds before the first round
 */
public record Case(Operation operation, int sizeBytes, int concurrency, long keysInBucket) {}
