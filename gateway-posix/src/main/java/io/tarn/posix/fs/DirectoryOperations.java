package io.tarn.posix.fs;

import io.tarn.client.DirectoryPage;
import io.tarn.client.Key;
import io.tarn.client.Node;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens and reads directories. Offsets are numbers of entries, of which the first two are {@code .} and {@code ..}. What is read fills
 * the memory of names and inodes. Cost: a scan for each {@value PositionTable#PAGE_ENTRIES} entries. Thread-safe.
 */
final class DirectoryOperations {
    /** Digests of entries that all open directories keep together: 32 MiB. */
    static final long DIGESTS_MAX = 4L << 20;

    private static final long DOTS = 2;
    private static final int DOT_LINKS = 2;
    private static final Key DOT = Key.of(".");
    private static final Key DOT_DOT = Key.of("..");

    private final MountPoint mount;
    private final NodeReader nodes;
    private final Answers answers;
    private final RootSquash squash;
    private final HandleNumbers numbers;
    private final Map<Long, OpenDirectory> directories = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong budget = new AtomicLong(DIGESTS_MAX);

    DirectoryOperations(
            final MountPoint mount,
            final NodeReader nodes,
            final Answers answers,
            final RootSquash squash,
            final HandleNumbers numbers) {
        this.mount = mount;
        this.nodes = nodes;
        this.answers = answers;
        this.squash = squash;
        this.numbers = numbers;
    }

    Opened open(final Caller caller, final long inode) {
        squash.require(caller, nodes.requireDirectory(inode), RootSquash.READ);
        final long number = numbers.next(0);
        directory(inode, number);
        return new Opened(number, false, false);
    }

    /** The open directory of a number, an earlier process's included. */
    private OpenDirectory directory(final long inode, final long number) {
        return directories.computeIfAbsent(number, unused -> {
            if (count.incrementAndGet() > mount.options().openFilesMax()) {
                count.decrementAndGet();
                throw Errno.ENFILE.exception();
            }
            return new OpenDirectory(mount, inode, budget);
        });
    }

    void read(final long inode, final long number, final long offset, final DirectorySink sink) {
        if (offset < 0) {
            throw Errno.EINVAL.exception();
        }
        final OpenDirectory directory = directory(inode, number);
        if (offset < DOTS && !dots(inode, offset, sink)) {
            return;
        }
        directory.read(
                Math.max(0, offset - DOTS),
                offset == 0,
                (entry, place, moment) -> sink.add(entry.name(), entry(inode, entry, moment), place + DOTS + 1));
    }

    private boolean dots(final long inode, final long offset, final DirectorySink sink) {
        final Node node = nodes.requireDirectory(inode);
        final Attributes itself = answers.attributes(node);
        if (offset == 0 && !sink.add(DOT, new Entry(itself, 0, 0), 1)) {
            return false;
        }
        return sink.add(DOT_DOT, new Entry(parent(node, itself), 0, 0), DOTS);
    }

    /** A directory stream needs no more of the parent than its number, and of the mounted directory not even that. */
    private Attributes parent(final Node node, final Attributes itself) {
        if (node.inode() == mount.numbers().root()) {
            return itself;
        }
        return new Attributes(
                mount.numbers().shown(node.parent()),
                Modes.DIRECTORY | Modes.ALL_RIGHTS,
                DOT_LINKS,
                itself.uid(),
                itself.gid(),
                0,
                0,
                0,
                itself.accessedNanos(),
                itself.modifiedNanos(),
                itself.changedNanos());
    }

    /** A page may be given out long after it was read: what has changed since is read again. */
    private Entry entry(final long directory, final DirectoryPage.Entry listed, final long moment) {
        final EntryName name = new EntryName(directory, listed.name());
        final Node node = listed.node();
        if (mount.memory().isUnchanged(node.inode(), moment) && !nodes.isUnsettled(node.inode())) {
            if (listed.isPlain()) {
                mount.memory().keep(node.inode(), XattrFacts.NONE, moment);
            }
            return answers.read(name, node, moment);
        }
        final Optional<Node> now = nodes.find(node.inode());
        return now.map(fresh -> answers.read(name, fresh, moment))
                .orElseGet(() -> new Entry(answers.attributes(node), 0, 0));
    }

    void release(final long number) {
        final OpenDirectory closed = directories.remove(number);
        if (closed != null) {
            count.decrementAndGet();
            closed.close();
        }
    }
}
