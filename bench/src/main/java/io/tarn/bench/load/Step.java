package io.tarn.bench.load;

import io.tarn.bench.s3.S3Connection;
import java.io.IOException;

/** One operation of a run. An instance belongs to one worker thread and may keep state. */
@FunctionalInterface
interface Step {
    /**
     * Does and verifies the operation.
     *
     * @param connection the worker's own
     * @param index number of the operation in the run, each given to one worker only
     * @return object bytes moved
     */
    long perform(S3Connection connection, long index) throws IOException;
}
