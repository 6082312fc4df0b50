package io.tarn.core.session;

import io.tarn.core.namespace.GuardedReader;
import io.tarn.core.namespace.NamespaceQueries;
import io.tarn.core.namespace.UpkeepQueries;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.EndSessions;
import io.tarn.core.namespace.wire.Reply;
import io.tarn.core.shard.Shard;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's dealings with one shard of this process: {@linkplain NumberedCalls numbered commands}, and reads. Thread-safe; calls block. */
public final class ShardSession {
    private static final Logger LOG = LoggerFactory.getLogger(ShardSession.class);

    private static final int SESSIONS_PER_STEP = 256;

    private final Shard shard;
    private final NumberedCalls calls;
    private final ReadPins pins;

    /**
     * @param sessions the client's present session id from the control group; an id is never given out twice
     * @param pins what readers on this node still need of the shard
     */
    public ShardSession(final Shard shard, final LongSupplier sessions, final ReadPins pins) {
        this.shard = shard;
        this.calls = new NumberedCalls(shard, sessions, Resending.EMBEDDED);
        this.pins = pins;
    }

    /** What readers on this node still need of the shard. */
    public ReadPins pins() {
        return pins;
    }

    public long session() {
        return calls.session();
    }

    public Shard shard() {
        return shard;
    }

    /** Makes the session known to the shard. */
    public void open() {
        calls.open();
    }

    /** Ends every other session: for the only client of an embedded shard, whose earlier lives are over. */
    public void endOthers() {
        end(EndSessions.newBuilder().setOthersThan(session()));
    }

    /** Ends sessions with all that they hold, in as many commands as that takes; those that are over already do no harm. */
    public void end(final Collection<Long> ended) {
        end(EndSessions.newBuilder().addAllSessions(ended));
    }

    private void end(final EndSessions.Builder ended) {
        while (call(Command.newBuilder().setEndSessions(ended)).getProgress().getMore()) {
            LOG.debug("ending sessions takes another step");
        }
    }

    /** Ends every session here that is over elsewhere. */
    public void endOver(final LongPredicate isOpen) {
        long after = 0;
        List<Long> page;
        do {
            final long from = after;
            page = shard.read(store -> new UpkeepQueries(store).sessions(from, SESSIONS_PER_STEP));
            final List<Long> over =
                    page.stream().filter(session -> !isOpen.test(session)).toList();
            if (!over.isEmpty()) {
                end(over);
            }
            after = page.isEmpty() ? 0 : page.getLast();
        } while (page.size() == SESSIONS_PER_STEP);
    }

    /** Ends this session: what it holds open, its locks and leases are over. Nothing can be done with it afterwards. */
    public void end() {
        end(List.of(session()));
    }

    /** Carries out one command and returns its reply; a failure is thrown. */
    public Reply call(final Command.Builder command) {
        return calls.call(command);
    }

    /** Has one command decided and returns its reply, a failure too; what is thrown leaves it open whether it was. */
    Reply ask(final Command.Builder command) {
        return calls.ask(command);
    }

    /** Everything found from now on stays readable until the pin is closed. */
    ReadPins.Pin pin() {
        return pins.pin(shard.appliedIndex());
    }

    /**
     * Reads linearizably, on the calling thread.
     *
     * @throws io.tarn.core.namespace.RowsElsewhere when the query comes to rows of another shard
     * @throws io.tarn.core.namespace.RowsHeld when it comes to what a commit between shards is about to change
     * @throws io.tarn.core.namespace.Visited when it comes to a directory that another session holds
     */
    public <T> T query(final Function<NamespaceQueries, T> query) {
        return queryFor(session(), query);
    }

    /** The same on behalf of another session. */
    <T> T queryFor(final long reader, final Function<NamespaceQueries, T> query) {
        return shard.read(store -> query.apply(new NamespaceQueries(new GuardedReader(store, shard.number(), reader))));
    }
}
