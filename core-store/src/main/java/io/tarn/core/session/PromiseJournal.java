package io.tarn.core.session;

import io.tarn.core.namespace.wire.Command;

/**
 * Where promises are kept from being lost with the process. Every promise passes here before its caller has an answer, in the order in which it
 * will be kept. Called under the queue's lock: must be quick, and must not throw.
 */
interface PromiseJournal {
    /** Nothing outlives the process. */
    PromiseJournal NONE = new PromiseJournal() {
        @Override
        public void accepted(final long number, final Command promise) {
            // as with a local file system, what was not synced is lost
        }

        @Override
        public void kept(final long number) {
            // nothing was written
        }
    };

    /**
     * A promise is about to be answered.
     *
     * @param number rises by one with each
     * @param promise complete, with all bytes that it is about
     */
    void accepted(long number, Command promise);

    /** All up to this number are committed, or known never to be. */
    void kept(long number);
}
