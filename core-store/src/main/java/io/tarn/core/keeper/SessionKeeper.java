package io.tarn.core.keeper;

import io.tarn.core.namespace.UpkeepQueries;
import io.tarn.core.session.ShardSession;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;

/**
 * Ends in a shard the sessions that the control group has ended: expiry is decided there, in its log, and what the session held here
 * is given up in bounded steps. A round looks at one page of the shard's sessions. Counts sessions.
 */
public final class SessionKeeper implements BackgroundWork {
    static final int SESSIONS_PER_ROUND = 256;

    private final ShardSession shard;
    private final LongPredicate isOpen;
    private final LongAdder ended = new LongAdder();
    private volatile long waiting;
    private long position;

    /**
     * @param isOpen whether the control group has a session of that id, read linearizably: every session is opened there before any
     *     shard hears of it, so one that is missing there is over for good
     */
    public SessionKeeper(final ShardSession shard, final LongPredicate isOpen) {
        this.shard = shard;
        this.isOpen = isOpen;
    }

    @Override
    public String name() {
        return "sessions";
    }

    @Override
    public boolean round() {
        final List<Long> page =
                shard.shard().read(store -> new UpkeepQueries(store).sessions(position, SESSIONS_PER_ROUND));
        final List<Long> over =
                page.stream().filter(session -> !isOpen.test(session)).toList();
        waiting = over.size();
        if (!over.isEmpty()) {
            shard.end(over);
            ended.add(over.size());
            waiting = 0;
        }
        final boolean more = page.size() == SESSIONS_PER_ROUND;
        position = more ? page.getLast() : 0;
        return more;
    }

    @Override
    public long backlog() {
        return waiting;
    }

    @Override
    public long done() {
        return ended.sum();
    }
}
