package io.tarn.posix.fs;

import io.tarn.client.ChangeEvent;
import io.tarn.client.ChangeFeed;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.posix.journal.MountJournal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the volume's change feed and keeps memory, and through a transport the kernel's, true to it. Changes of this mount's own session
 * are in memory already, but for what they imply elsewhere. Where events were missed everything is forgotten.
 *
 * <p>Threading: one virtual thread; it holds no lock while it tells the kernel, which may make it wait. Nothing in the file system waits
 * for it.
 */
final class ChangeFollower implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChangeFollower.class);
    private static final Duration AWAIT = Duration.ofSeconds(10);
    private static final long PAUSE_NANOS = 100_000_000;

    private final ChangeFeed feed;
    private final LongSupplier session;
    private final long volume;
    private final Memory memory;
    private final Numbers numbers;
    private final AtomicReference<Optional<Invalidation>> kernel;
    private final Thread thread;
    private final MountJournal journal;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean closed;
    private long position;

    /**
     * @param session whose changes are this mount's own
     * @param kernel whom to tell
     */
    ChangeFollower(
            final ChangeFeed feed,
            final LongSupplier session,
            final MountPoint mount,
            final AtomicReference<Optional<Invalidation>> kernel) {
        this.feed = feed;
        this.session = session;
        this.volume = mount.volume();
        this.memory = mount.memory();
        this.numbers = mount.numbers();
        this.kernel = kernel;
        this.journal = mount.journal();
        this.thread = Thread.ofVirtual().name("posix-changes-" + volume).unstarted(this::run);
    }

    /**
     * From here on every change is heard of; where an earlier process has told the kernel of those up to some position, from there on, but not before there is a
     * kernel {@linkplain #listened to tell}.
     */
    void start() {
        if (journal.told().isEmpty()) {
            final long end = feed.end(volume);
            journal.told(end);
            begin(end);
        }
    }

    /** There is a kernel to tell. */
    void listened() {
        journal.told().ifPresent(this::begin);
    }

    private void begin(final long from) {
        if (begun.compareAndSet(false, true)) {
            position = from;
            memory.follow(feed.end(volume) == from);
            thread.start();
        }
    }

    private void run() {
        while (!closed) {
            try {
                final boolean upToDate = !feed.await(volume, position, AWAIT)
                        || follow(feed.read(volume, position, ChangeFeed.READ_MAX));
                memory.follow(upToDate && !closed);
            } catch (final StorageException failed) {
                memory.follow(false);
                if (failed.failure() == Failure.NOT_FOUND) {
                    LOG.info("volume {} is gone: {}", volume, failed.getMessage());
                    return;
                }
                if (!closed) {
                    LOG.debug("the change feed of volume {} cannot be read now", volume, failed);
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
    }

    /** Says whether that was all there was to read. */
    private boolean follow(final ChangeFeed.Read read) {
        return switch (read) {
            case final ChangeFeed.Events events -> {
                final long own = session.getAsLong();
                for (final ChangeEvent event : events.events()) {
                    if (event.session() == own) {
                        own(event);
                    } else {
                        changed(event);
                    }
                }
                position = events.next();
                final long next = position;
                kernel().then(() -> journal.told(next));
                yield events.events().size() < ChangeFeed.READ_MAX;
            }
            case final ChangeFeed.Trimmed trimmed -> {
                LOG.warn("events of volume {} up to {} were missed; everything is forgotten", volume, trimmed.oldest());
                position = feed.end(volume);
                memory.forget(kernel(), numbers);
                yield true;
            }
        };
    }

    private Invalidation kernel() {
        return kernel.get().orElse(Invalidation.NOBODY);
    }

    /** What this mount did is known, but for the directories that went because it emptied them. */
    private void own(final ChangeEvent event) {
        if (event.type() == ChangeEvent.Type.CONTENT || event.type() == ChangeEvent.Type.TRUNCATED) {
            memory.pagesWritten(event.inode(), event.contentGeneration());
        }
        if (event.type() == ChangeEvent.Type.REMOVED) {
            memory.nodeChanged(event.inode());
            event.name()
                    .map(ChangeFollower::entryName)
                    .filter(name -> memory.name(name)
                            .filter(inode -> inode == event.inode())
                            .isPresent())
                    .ifPresent(name -> removed(name, event.inode()));
        }
    }

    private static EntryName entryName(final ChangeEvent.Name name) {
        return new EntryName(name.parent(), name.name());
    }

    private void changed(final ChangeEvent event) {
        switch (event.type()) {
            case CREATED, LINKED, DELETE_MARKER -> {
                event.name().map(ChangeFollower::entryName).ifPresent(name -> {
                    leadsElsewhere(name, event.inode());
                    directory(name.parent());
                });
                attributes(event.inode());
            }
            case CONTENT, TRUNCATED -> {
                event.name().map(ChangeFollower::entryName).ifPresent(name -> written(name, event.inode()));
                content(event.inode());
            }
            case ATTRIBUTES, XATTR -> attributes(event.inode());
            case REMOVED -> {
                event.name().ifPresent(name -> removed(entryName(name), event.inode()));
                if (event.links() > 0) {
                    attributes(event.inode());
                }
            }
            case DELEGATED -> memory.forgetIn(event.inode(), kernel(), numbers);
            case RENAMED -> {
                moved(event.oldName(), event.inode());
                moved(event.name(), event.inode());
                attributes(event.inode());
            }
        }
    }

    private void moved(final Optional<ChangeEvent.Name> end, final long inode) {
        end.map(ChangeFollower::entryName).ifPresent(name -> {
            leadsElsewhere(name, inode);
            directory(name.parent());
        });
    }

    /** A file was written, under a name that led to it, or that leads to it from now on. */
    private void written(final EntryName name, final long inode) {
        if (memory.name(name).filter(known -> known == inode).isEmpty()) {
            leadsElsewhere(name, inode);
            directory(name.parent());
        }
    }

    private void attributes(final long inode) {
        if (inode != 0) {
            memory.attributesChanged(inode);
            kernel().inode(numbers.shown(inode), -1, 0);
        }
    }

    /** When the kernel will have dropped its pages is not known here: until an open has them dropped they count as bad. */
    private void content(final long inode) {
        memory.nodeChanged(inode);
        memory.pagesChanged(inode);
        kernel().inode(numbers.shown(inode), 0, 0);
    }

    /** A name has come to lead to an inode, or has ceased to; another that it led to has lost a name. */
    private void leadsElsewhere(final EntryName name, final long inode) {
        final Optional<Long> before = memory.name(name);
        memory.nameChanged(name);
        kernel().entry(numbers.shown(name.parent()), name.name());
        before.filter(was -> was != Memory.NOTHING && was != inode).ifPresent(was -> {
            memory.unlinked(was);
            attributes(was);
        });
    }

    private void removed(final EntryName name, final long inode) {
        memory.nameChanged(name);
        kernel().deleted(numbers.shown(name.parent()), name.name(), numbers.shown(inode));
        memory.unlinked(inode);
        memory.nodeChanged(inode);
        directory(name.parent());
    }

    /** Its times, and perhaps its links. */
    private void directory(final long inode) {
        memory.nodeChanged(inode);
        kernel().inode(numbers.shown(inode), -1, 0);
    }

    /** Follows no longer; memory is not trusted any more. */
    @Override
    public void close() {
        closed = true;
        memory.follow(false);
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
