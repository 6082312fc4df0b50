package io.tarn.core.extent;

/** Decides on which thread, and so how often, extents are forced. */
interface GroupCommit extends AutoCloseable {
    /** Has {@link ExtentTail#commitPending()} called soon. An extent is submitted once until that call has begun to end. */
    void submit(ExtentTail extent);

    /** Nothing is submitted any more. */
    @Override
    void close();
}
