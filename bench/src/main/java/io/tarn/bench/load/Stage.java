package io.tarn.bench.load;

import io.tarn.bench.s3.KeySet;
import java.util.Set;

/**
 * Operations that share objects: a set written beforehand that is only read, and new objects per round.
 *
 * @param bucket where
 * @param base the set that is read
 * @param baseCount its number of objects
 * @param keysInBucket for the report: keys in the bucket before the first round
 * @param sizeBytes size of all objects
 * @param concurrency connections
 * @param operations what is reported
 */
record Stage(
        String bucket,
        KeySet base,
        int baseCount,
        long keysInBucket,
        int sizeBytes,
        int concurrency,
        Set<Operation> operations) {
    KeySet written(final int round, final String by) {
        return new KeySet(bucket, "new/" + by + '/' + sizeBytes + "/c" + concurrency + "/r" + round + '/');
    }

    Case subject(final Operation operation) {
        return new Case(operation, sizeBytes, concurrency, keysInBucket);
    }
}
