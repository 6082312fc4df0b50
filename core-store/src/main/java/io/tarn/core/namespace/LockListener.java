package io.tarn.core.namespace;

/**
 * Hears of locks that were waited for and are granted now. Called on the applying thread, after the log entry's commands have run:
 * must not block and must not throw. What it does is no part of the state.
 */
@FunctionalInterface
public interface LockListener {
    LockListener NONE = (session, ticket) -> {};

    /**
     * A lock is held now.
     *
     * @param session whose it is
     * @param ticket the number that its command carried
     */
    void granted(long session, long ticket);
}
