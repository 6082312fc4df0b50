package io.tarn.core.session;

import io.tarn.client.AttributeChange;
import io.tarn.client.AttributeChange.At;
import io.tarn.client.Caller;
import io.tarn.client.Inodes.Entry;
import io.tarn.client.Key;
import io.tarn.client.NewNode;
import io.tarn.client.Node;
import io.tarn.client.NodeTimes;
import io.tarn.client.NodeType;
import io.tarn.client.RenameMode;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.NodeProposals;
import io.tarn.core.namespace.wire.Closing;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.WriteContent;
import io.tarn.core.session.HeldDirectory.Bearer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Changes that this client may answer before they are committed. Each method is empty, or false, where the change cannot be promised: then
 * nothing has happened, and a plain command is to be sent.
 *
 * <p>Cost: no call to a shard where names and inodes are known, which they are in directories that this client has made or listed. Thread-safe.
 */
final class PromisedChanges {
    /** Contents that are promised; longer ones are committed by their writer. */
    static final int CONTENT_MAX_BYTES = 128 << 10;

    private static final int TARGET_MAX_BYTES = 4096;

    private final Holder holder;
    private final HeldTree tree;
    private final ReservedIds ids;
    private final InstantSource clock;
    private final AtomicLong latest = new AtomicLong();

    PromisedChanges(final Holder holder, final InstantSource clock) {
        this.holder = holder;
        this.tree = holder.tree;
        this.ids = new ReservedIds(holder.names);
        this.clock = clock;
    }

    /** Never goes back. */
    private long now() {
        final Instant instant = clock.instant();
        final long nanos = TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
        return latest.accumulateAndGet(nanos, Math::max);
    }

    private void promise(
            final Caller caller,
            final Command.Builder command,
            final long now,
            final long volume,
            final Long... touched) {
        tree.promise(NodeProposals.from(caller, command).setShownNanos(now).build(), volume, List.of(touched));
    }

    // ---- what is known ---------------------------------------------------------------------------------------------

    /** What a name in a held directory leads to; asked for if need be. Empty where the directory is not held. Under a claim of the name. */
    private Optional<Bearer> bearer(final Entry entry) {
        final Optional<Bearer> known = tree.locked(() -> tree.bearer(entry));
        if (known.isEmpty() || !(known.get() instanceof HeldDirectory.Unknown)) {
            return known;
        }
        holder.settle(entry.directory());
        final Optional<Node> found = holder.names.queryAt(
                entry.directory(), queries -> queries.nodes().lookup(entry.directory(), entry.name()));
        return tree.locked(() -> {
            tree.directory(entry.directory())
                    .ifPresent(directory -> found.ifPresentOrElse(
                            node -> tree.leadsTo(directory, entry.name(), node),
                            () -> directory.leadsNowhere(entry.name())));
            return tree.bearer(entry);
        });
    }

    /** An inode as it will be. Under a claim of a name that leads to it, or of itself. */
    private Optional<Node> node(final long inode) {
        final Optional<Node> promised = tree.locked(() -> tree.promised(inode));
        if (promised.isPresent()) {
            return promised;
        }
        holder.settle(inode);
        return holder.names.queryAt(inode, queries -> queries.nodes().node(inode));
    }

    /** Makes sure that a held directory's own attributes are known, if they can be. */
    private void know(final long id) {
        final Optional<Long> before = tree.locked(() -> tree.directory(id)
                .filter(directory -> directory.node().isEmpty())
                .map(HeldDirectory::changes));
        if (before.isEmpty()) {
            return;
        }
        holder.settle(id);
        final Optional<Node> found =
                holder.names.queryAt(id, queries -> queries.nodes().node(id));
        tree.under(() -> tree.directory(id)
                .filter(directory -> directory.changes() == before.get() && !tree.isUnsettled(id))
                .ifPresent(directory -> found.ifPresent(directory::node)));
    }

    /** What is inside of a directory changes. */
    private void touch(final HeldDirectory directory, final long now, final int links) {
        directory
                .node()
                .ifPresent(node ->
                        directory.node(changed(node, node.links() + links, node.size(), node.times(), now, now)));
    }

    private Node changed(
            final Node node,
            final int links,
            final long size,
            final NodeTimes times,
            final long modified,
            final long changed) {
        return new Node(
                node.inode(),
                node.volume(),
                node.type(),
                node.mode(),
                node.uid(),
                node.gid(),
                links,
                size,
                new NodeTimes(times.accessed(), modified, changed, times.created()),
                node.device(),
                tree.nextGeneration(),
                size == node.size() && modified == node.times().modified()
                        ? node.contentGeneration()
                        : tree.nextGeneration(),
                node.target(),
                node.parent());
    }

    private static StorageException failure(final Failure failure, final String message) {
        return new StorageException(failure, message);
    }

    // ---- names -----------------------------------------------------------------------------------------------------

    /**
     * Makes an inode.
     *
     * @param known called with it before anybody else can come to know of it
     */
    Optional<Node> make(
            final Caller caller,
            final Entry entry,
            final NewNode what,
            final boolean exclusive,
            final Consumer<Node> known) {
        if (!holder.isActive()
                || !Holder.isPlain(entry.name())
                || what.target().length() > TARGET_MAX_BYTES
                || !tree.holds(entry.directory())) {
            return Optional.empty();
        }
        return tree.claiming(List.of(entry), () -> {
            know(entry.directory());
            final Optional<Bearer> bearer = bearer(entry);
            if (bearer.isEmpty()) {
                return Optional.empty();
            }
            if (!(bearer.get() instanceof HeldDirectory.Nothing)) {
                if (exclusive || what.type() != NodeType.FILE) {
                    throw failure(Failure.ALREADY_EXISTS, "the name is taken");
                }
                return Optional.empty();
            }
            ids.ensure(entry.directory());
            return tree.locked(() -> {
                tree.queue.awaitRoom();
                return tree.directory(entry.directory())
                        .filter(directory -> !tree.queue.isClosed())
                        .flatMap(directory -> ids.next(tree.session())
                                .map(id -> made(caller, directory, entry.name(), what, id, known)));
            });
        });
    }

    private Node made(
            final Caller caller,
            final HeldDirectory directory,
            final Key name,
            final NewNode what,
            final long id,
            final Consumer<Node> known) {
        final long now = now();
        final boolean isDirectory = what.type() == NodeType.DIRECTORY;
        final Node made = new Node(
                id,
                directory.volume,
                what.type(),
                what.mode() & PERMISSIONS,
                what.uid(),
                what.gid(),
                isDirectory ? 2 : 1,
                what.target().length(),
                new NodeTimes(now, now, now, now),
                what.device(),
                tree.nextGeneration(),
                tree.nextGeneration(),
                what.type() == NodeType.SYMLINK ? Optional.of(what.target()) : Optional.empty(),
                isDirectory ? directory.id : 0);
        known.accept(made);
        tree.leadsTo(directory, name, made);
        tree.born(id);
        touch(directory, now, isDirectory ? 1 : 0);
        final Command.Builder command = NodeProposals.make(directory.id, name, what, true, false);
        command.getMakeNodeBuilder().setReservedInode(id).setDelegate(isDirectory);
        promise(caller, command, now, directory.volume, directory.id, id);
        if (isDirectory) {
            tree.granted(HeldDirectory.newborn(made), tree.session());
        } else {
            tree.remember(made);
        }
        return made;
    }

    private static final int PERMISSIONS = 07777;

    /** Takes the only name of a file away. */
    boolean unlink(final Caller caller, final Entry entry, final String owner) {
        if (!holder.isActive() || !Holder.isPlain(entry.name()) || !tree.holds(entry.directory())) {
            return false;
        }
        return tree.claiming(List.of(entry), () -> {
            know(entry.directory());
            final Optional<Long> file = file(entry);
            if (file.isEmpty() || !keepOpen(file.get())) {
                return false;
            }
            return tree.locked(() -> {
                tree.queue.awaitRoom();
                final Optional<HeldDirectory> directory = tree.directory(entry.directory());
                if (directory.isEmpty() || tree.queue.isClosed()) {
                    return false;
                }
                final long now = now();
                directory.get().leadsNowhere(entry.name());
                tree.gone(file.get());
                touch(directory.get(), now, 0);
                promise(
                        caller,
                        NodeProposals.unlink(entry.directory(), entry.name(), owner),
                        now,
                        directory.get().volume,
                        entry.directory(),
                        file.get());
                return true;
            });
        });
    }

    /**
     * The file of one name that a name leads to; empty where the directory is not held or it has several.
     *
     * @throws StorageException {@code NOT_FOUND}, {@code IS_A_DIRECTORY}
     */
    private Optional<Long> file(final Entry entry) {
        final Optional<Bearer> bearer = bearer(entry);
        if (bearer.isEmpty()) {
            return Optional.empty();
        }
        if (!(bearer.get() instanceof final HeldDirectory.Inode there)) {
            throw failure(Failure.NOT_FOUND, "no such file or directory");
        }
        final long inode = there.id();
        final Optional<Node> node = node(inode);
        if (node.filter(Node::isDirectory).isPresent()) {
            throw failure(Failure.IS_A_DIRECTORY, "a directory is removed by rmdir");
        }
        return node.filter(found -> found.links() == 1).map(Node::inode);
    }

    /** Whether the shard keeps a file for whoever has it open here, when its name goes. */
    private boolean keepOpen(final long inode) {
        if (holder.table().find(inode).isEmpty()) {
            return true;
        }
        holder.settle(inode);
        holder.table().holdReaders(inode);
        return holder.table().isKept(inode);
    }

    /** Removes an empty directory that is held. */
    boolean removeDirectory(final Caller caller, final Entry entry) {
        if (!holder.isActive() || !Holder.isPlain(entry.name()) || !tree.holds(entry.directory())) {
            return false;
        }
        return tree.claiming(List.of(entry), () -> {
            know(entry.directory());
            final Optional<Bearer> bearer = bearer(entry);
            if (bearer.isEmpty() || !(bearer.get() instanceof final HeldDirectory.Inode there)) {
                return false;
            }
            final long inode = there.id();
            return tree.locked(() -> {
                tree.queue.awaitRoom();
                final Optional<HeldDirectory> directory = tree.directory(entry.directory());
                final Optional<HeldDirectory> child = tree.directory(inode);
                if (directory.isEmpty()
                        || child.isEmpty()
                        || !child.get().isEmpty()
                        || tree.isChanging(inode)
                        || tree.queue.isClosed()) {
                    return false;
                }
                final long now = now();
                tree.forget(child.get());
                directory.get().leadsNowhere(entry.name());
                tree.gone(inode);
                touch(directory.get(), now, -1);
                promise(
                        caller,
                        NodeProposals.removeDirectory(entry.directory(), entry.name()),
                        now,
                        directory.get().volume,
                        entry.directory(),
                        inode);
                return true;
            });
        });
    }

    /** Moves a file between held directories. */
    Optional<Node> rename(
            final Caller caller, final Entry from, final Entry to, final RenameMode mode, final String owner) {
        if (!holder.isActive()
                || mode == RenameMode.EXCHANGE
                || from.equals(to)
                || !Holder.isPlain(from.name())
                || !Holder.isPlain(to.name())
                || !tree.holds(from.directory())
                || !tree.holds(to.directory())) {
            return Optional.empty();
        }
        return tree.claiming(List.of(from, to), () -> {
            know(from.directory());
            know(to.directory());
            final Optional<Bearer> source = bearer(from);
            final Optional<Bearer> target = bearer(to);
            if (source.isEmpty() || target.isEmpty() || !(source.get() instanceof final HeldDirectory.Inode there)) {
                return Optional.empty();
            }
            final long inode = there.id();
            final Optional<Node> moved = node(inode).filter(node -> !node.isDirectory() && node.links() == 1);
            final boolean taken = target.get() instanceof HeldDirectory.Inode;
            if (moved.isEmpty() || (taken && mode == RenameMode.NO_REPLACE)) {
                return Optional.empty();
            }
            final Optional<Long> replaced = taken ? replaceable(to) : Optional.empty();
            if (taken && replaced.isEmpty()) {
                return Optional.empty();
            }
            return tree.claiming(inode, () -> {
                return tree.locked(() -> {
                    tree.queue.awaitRoom();
                    final Optional<HeldDirectory> fromDirectory = tree.directory(from.directory());
                    final Optional<HeldDirectory> toDirectory = tree.directory(to.directory());
                    if (fromDirectory.isEmpty() || toDirectory.isEmpty() || tree.queue.isClosed()) {
                        return Optional.empty();
                    }
                    final Node now = tree.promised(inode).orElse(moved.get());
                    return Optional.of(moved(
                            caller, fromDirectory.get(), from, toDirectory.get(), to, now, replaced, mode, owner));
                });
            });
        });
    }

    /** A file that may be replaced; empty where that takes a plain command. */
    private Optional<Long> replaceable(final Entry entry) {
        if (!(bearer(entry).orElse(new HeldDirectory.Unknown()) instanceof final HeldDirectory.Inode there)) {
            return Optional.empty();
        }
        return node(there.id())
                .filter(node -> !node.isDirectory() && node.links() == 1)
                .map(Node::inode)
                .filter(this::keepOpen);
    }

    private Node moved(
            final Caller caller,
            final HeldDirectory fromDirectory,
            final Entry from,
            final HeldDirectory toDirectory,
            final Entry to,
            final Node node,
            final Optional<Long> replaced,
            final RenameMode mode,
            final String owner) {
        final long now = now();
        final Node moved = changed(
                node, node.links(), node.size(), node.times(), node.times().modified(), now);
        replaced.ifPresent(tree::gone);
        fromDirectory.leadsNowhere(from.name());
        tree.leadsTo(toDirectory, to.name(), moved);
        tree.remember(moved);
        touch(fromDirectory, now, 0);
        touch(toDirectory, now, 0);
        final Command.Builder command =
                NodeProposals.rename(from.directory(), from.name(), to.directory(), to.name(), mode, owner);
        if (replaced.isPresent()) {
            promise(
                    caller,
                    command,
                    now,
                    fromDirectory.volume,
                    from.directory(),
                    to.directory(),
                    node.inode(),
                    replaced.get());
        } else {
            promise(caller, command, now, fromDirectory.volume, from.directory(), to.directory(), node.inode());
        }
        return moved;
    }

    // ---- inodes ----------------------------------------------------------------------------------------------------

    /** An inode that may be promised about: a held directory, or a file of one name in one. */
    boolean isOurs(final long inode) {
        return holder.isActive()
                && tree.locked(() ->
                        tree.directory(inode).isPresent() || tree.placeOf(inode).isPresent());
    }

    private boolean isOursNow(final long inode) {
        return (tree.directory(inode).isPresent() || tree.placeOf(inode).isPresent()) && !tree.queue.isClosed();
    }

    /** Changes attributes, but for the size. */
    Optional<Node> setAttributes(final Caller caller, final long inode, final AttributeChange change) {
        if (!holder.isActive() || change.size().isPresent() || !isOurs(inode)) {
            return Optional.empty();
        }
        return tree.claiming(inode, () -> {
            final Optional<Node> before = known(inode);
            return tree.locked(() -> {
                tree.queue.awaitRoom();
                final Optional<Node> node = tree.promised(inode).or(() -> before);
                if (node.isEmpty() || !isOursNow(inode)) {
                    return Optional.empty();
                }
                final long now = now();
                final Node set = with(node.get(), change, now);
                remember(set);
                promise(caller, NodeProposals.setAttributes(inode, change, 0), now, set.volume(), inode);
                return Optional.of(set);
            });
        });
    }

    private Optional<Node> known(final long inode) {
        know(inode);
        final boolean directory = tree.holds(inode);
        return directory
                ? tree.locked(() -> tree.promised(inode))
                : node(inode).filter(found -> !found.isDirectory() && found.links() == 1);
    }

    private void remember(final Node node) {
        if (node.isDirectory()) {
            tree.directory(node.inode()).ifPresent(directory -> directory.node(node));
        } else {
            tree.remember(node);
        }
    }

    /** As the shard will have it. */
    private Node with(final Node node, final AttributeChange change, final long now) {
        final AttributeChange chosen = change.withTimes(
                change.accessed().map(time -> chosen(time, now)),
                change.modified().map(time -> chosen(time, now)));
        final Node set = node.with(chosen);
        final long changed = change.changed().isPresent()
                ? Math.min(
                        now, Math.max(node.times().changed(), change.changed().getAsLong()))
                : now;
        return changed(set, set.links(), set.size(), set.times(), set.times().modified(), changed);
    }

    private static AttributeChange.NewTime chosen(final AttributeChange.NewTime time, final long now) {
        return switch (time) {
            case final AttributeChange.Now atCommit -> new At(now);
            case final At at -> at;
        };
    }

    /** Writes runs to a file, and changes attributes and gives opens back with it. */
    boolean write(
            final Caller caller,
            final WriteContent write,
            final long end,
            final AttributeChange change,
            final Optional<Closing> closing) {
        final long inode = write.getInode();
        if (!holder.isActive() || !isOurs(inode)) {
            return false;
        }
        return tree.claiming(inode, () -> {
            final Optional<Node> before = known(inode).filter(node -> node.type() == NodeType.FILE);
            return tree.locked(() -> {
                tree.queue.awaitRoom();
                final Optional<Node> node = tree.promised(inode).or(() -> before);
                if (node.isEmpty() || !isOursNow(inode)) {
                    return false;
                }
                final long now = now();
                final Node written = changed(
                        node.get(),
                        node.get().links(),
                        Math.max(node.get().size(), end),
                        node.get().times(),
                        now,
                        now);
                tree.remember(with(written, change, now));
                promise(
                        caller,
                        NodeProposals.write(Command.newBuilder().setWriteContent(write), change, closing),
                        now,
                        written.volume(),
                        inode);
                return true;
            });
        });
    }

    /** Gives opens back. */
    boolean close(final long inode, final Closing closing) {
        if (!holder.isActive() || !isOurs(inode)) {
            return false;
        }
        return tree.locked(() -> {
            tree.queue.awaitRoom();
            final Optional<HeldDirectory> place = tree.placeOf(inode);
            if (place.isEmpty() || tree.queue.isClosed()) {
                return false;
            }
            promise(Caller.UNKNOWN, NodeProposals.close(inode, closing), now(), place.get().volume, inode);
            return true;
        });
    }

    // ---- reading ---------------------------------------------------------------------------------------------------

    /** An inode of which something is only promised, as it will be; whatever is not in here is to be asked of the shard. */
    Optional<Node> find(final long inode) {
        return holder.isActive() ? tree.locked(() -> tree.promised(inode)) : Optional.empty();
    }

    /** Whether an inode is only promised, and has no attributes but those it was made with. */
    boolean isUnborn(final long inode) {
        return holder.isActive() && tree.locked(() -> tree.isUnborn(inode));
    }

    /** What a look-up of a name says, as far as that is known without the shard. */
    sealed interface Found {}

    record Here(Node node) implements Found {}

    record Nowhere() implements Found {}

    record Ask() implements Found {}

    Found lookup(final long directory, final Key name) {
        if (!holder.isActive() || !Holder.isPlain(name)) {
            return new Ask();
        }
        return tree.locked(() -> switch (tree.bearer(new Entry(directory, name)).orElse(new HeldDirectory.Unknown())) {
            case final HeldDirectory.Inode inode ->
                tree.promised(inode.id()).<Found>map(Here::new).orElse(new Ask());
            case final HeldDirectory.Nothing nothing -> new Nowhere();
            case final HeldDirectory.Unknown unknown -> new Ask();
        });
    }
}
