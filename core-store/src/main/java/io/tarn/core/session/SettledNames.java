package io.tarn.core.session;

import io.tarn.core.namespace.ObjectReads;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.Reply;
import java.util.List;
import java.util.function.Function;

/** Names behind what this client has promised: whoever asks or changes something here waits until what is promised of it is committed. */
final class SettledNames implements Names {
    private final Holder holder;
    private final Names names;

    SettledNames(final Holder holder) {
        this.holder = holder;
        this.names = holder.names;
    }

    @Override
    public <T> T query(final long volume, final Function<ObjectReads, T> query) {
        holder.settle();
        return names.query(volume, query);
    }

    @Override
    public <T> T queryAt(final long inode, final Function<ObjectReads, T> query) {
        holder.settle(inode);
        return names.queryAt(inode, query);
    }

    @Override
    public ReadPins.Pin pin(final long volume) {
        return names.pin(volume);
    }

    @Override
    public ReadPins.Pin pinAt(final long inode) {
        return names.pinAt(inode);
    }

    @Override
    public Reply call(final long volume, final Command.Builder command) {
        holder.settle();
        return names.call(volume, command);
    }

    @Override
    public Reply callAt(final long id, final Command.Builder command) {
        return holder.plainly(id, () -> names.callAt(id, command));
    }

    @Override
    public long session(final long volume) {
        return names.session(volume);
    }

    @Override
    public long sessionAt(final long id) {
        return names.sessionAt(id);
    }

    @Override
    public List<Integer> shards() {
        return names.shards();
    }
}
