package io.tarn.core.file;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that forgets what was not forced. {@link #crash} shows what is left when the power goes: each change that was
 * not forced survives wholly, in a random subset of its 512-byte sectors, or not at all, whatever happened to the ones before and
 * after it; names likewise, unless their directory was forced. {@link #kill} shows what a process finds that is started after
 * another one was killed: all changes, of which those that were not forced may still get lost.
 *
 * <p>Failures are set in advance: a cut after a number of operations (from then on the device is gone), a budget of bytes,
 * files whose operations fail, a device that fails from some operation on, forces that are ignored. Everything random comes from
 * the generator given to {@link #crash}. Thread-safe.
 */
public final class SimulatedFiles implements FileLayer {
    final ReentrantLock lock = new ReentrantLock();
    private final Map<Path, SimulatedInode> names = new TreeMap<>();
    private final Map<Path, SimulatedInode> durableNames = new TreeMap<>();
    private final List<NameChange> unforcedNames = new ArrayList<>();
    private final Set<Path> failing = new TreeSet<>();
    private long operations;
    private long forces;
    private long cutAfter = Long.MAX_VALUE;
    private boolean lastTakesEffect;
    private long budget = Long.MAX_VALUE;
    private Predicate<Path> forceIgnored = path -> false;
    private long faultyFrom = Long.MAX_VALUE;
    private long faults;
    private Failure fault = Failure.IO_ERROR;
    private Runnable afterEach = () -> {};

    /** A disk with one directory, which is durable. */
    public SimulatedFiles(final Path root) {
        final SimulatedInode directory = SimulatedInode.directory();
        names.put(root, directory);
        durableNames.put(root, directory);
    }

    private SimulatedFiles() {}

    /** Lets {@code count} more operations through, then the device is gone; the first one after that may still take effect. */
    public void cutAfter(final long count, final boolean nextTakesEffect) {
        locked(() -> {
            cutAfter = operations + count;
            lastTakesEffect = nextTakesEffect;
        });
    }

    /** Bytes by which files may still grow before the disk is full. */
    public void setBudget(final long bytes) {
        locked(() -> budget = bytes);
    }

    /** Writes, forces, punches and truncations of this file fail with EIO until {@link #heal}. */
    public void fail(final Path path) {
        locked(() -> failing.add(path));
    }

    public void heal(final Path path) {
        locked(() -> failing.remove(path));
    }

    /**
     * After {@code count} more operations the device fails {@code times} of them, or until {@link #recover}: with {@code OUT_OF_SPACE} those that
     * take up space, of whose bytes a part is written, with {@code IO_ERROR} all; a force that fails loses what it was to force.
     */
    public void failAfter(final long count, final long times, final Failure failure) {
        locked(() -> {
            faults = times;
            faultyFrom = operations + count;
            fault = failure;
        });
    }

    /** The device works again. */
    public void recover() {
        locked(() -> faultyFrom = Long.MAX_VALUE);
    }

    /** A device that lies: forces of these files and directories succeed and do nothing. */
    public void ignoreForces(final Predicate<Path> paths) {
        locked(() -> forceIgnored = paths);
    }

    /** Has {@code action} run after each operation that changed or forced something, on the thread that did it. */
    public void afterEach(final Runnable action) {
        locked(() -> afterEach = action);
    }

    /** Flips one bit of what is stored, as a decaying disk does. */
    public void corrupt(final Path path, final int offset) {
        locked(() -> inode(path).flip(offset));
    }

    /** Operations that changed or forced something. */
    public long operations() {
        lock.lock();
        try {
            return operations;
        } finally {
            lock.unlock();
        }
    }

    public long forces() {
        lock.lock();
        try {
            return forces;
        } finally {
            lock.unlock();
        }
    }

    /** What the disk would hold if the power went now; this one stays as it is. */
    public SimulatedFiles crash(final RandomGenerator random) {
        lock.lock();
        try {
            final Survival survival = Survival.of(random);
            final Map<Path, SimulatedInode> left = new TreeMap<>(durableNames);
            for (final NameChange change : unforcedNames) {
                if (survival.survives()) {
                    change.applyTo(left);
                }
            }
            final SimulatedFiles after = new SimulatedFiles();
            final Map<SimulatedInode, SimulatedInode> survivors = new IdentityHashMap<>();
            left.forEach((path, inode) -> {
                final SimulatedInode survivor = survivors.computeIfAbsent(inode, lost -> lost.crash(survival));
                after.names.put(path, survivor);
                after.durableNames.put(path, survivor);
            });
            after.forceIgnored = forceIgnored;
            return after;
        } finally {
            lock.unlock();
        }
    }

    /** What the next process would find if this one were killed now; this one stays as it is. */
    public SimulatedFiles kill() {
        lock.lock();
        try {
            final SimulatedFiles after = new SimulatedFiles();
            final Map<SimulatedInode, SimulatedInode> copies = new IdentityHashMap<>();
            names.forEach((path, inode) -> after.names.put(path, copies.computeIfAbsent(inode, SimulatedInode::copy)));
            durableNames.forEach(
                    (path, inode) -> after.durableNames.put(path, copies.computeIfAbsent(inode, SimulatedInode::copy)));
            unforcedNames.forEach(change -> after.unforcedNames.add(new NameChange(
                    change.path,
                    change.inode.map(inode -> copies.computeIfAbsent(inode, SimulatedInode::copy)),
                    change.from)));
            after.forceIgnored = forceIgnored;
            return after;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StoredFile create(final Path path) {
        lock.lock();
        try {
            requireDirectory(path);
            if (names.containsKey(path)) {
                throw new StorageException(Failure.ALREADY_EXISTS, path + " exists");
            }
            final SimulatedInode inode = SimulatedInode.file();
            change(new NameChange(path, Optional.of(inode)));
            return new SimulatedFile(this, path, inode);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public StoredFile open(final Path path) {
        lock.lock();
        try {
            return new SimulatedFile(this, path, inode(path));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void createDirectory(final Path path) {
        locked(() -> {
            requireDirectory(path);
            if (!names.containsKey(path)) {
                change(new NameChange(path, Optional.of(SimulatedInode.directory())));
            }
        });
    }

    @Override
    public List<String> list(final Path directory) {
        lock.lock();
        try {
            requirePower();
            inode(directory);
            return names.keySet().stream()
                    .filter(path -> directory.equals(path.getParent()))
                    .map(path -> path.getFileName().toString())
                    .sorted()
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void delete(final Path path) {
        locked(() -> {
            inode(path);
            change(new NameChange(path, Optional.empty()));
        });
    }

    @Override
    public void rename(final Path from, final Path to) {
        locked(() -> {
            final SimulatedInode inode = inode(from);
            requireDirectory(to);
            final NameChange rename = new NameChange(to, Optional.of(inode), Optional.of(from));
            change(rename);
        });
    }

    @Override
    public void forceDirectory(final Path directory) {
        locked(() -> {
            inode(directory);
            mutate(directory, 0, false, () -> forceNames(directory), () -> {});
        });
    }

    private void forceNames(final Path directory) {
        forces++;
        if (!forceIgnored.test(directory)) {
            unforcedNames.removeIf(change -> {
                final boolean here = directory.equals(change.path.getParent());
                if (here) {
                    change.applyTo(durableNames);
                }
                return here;
            });
        }
    }

    @Override
    public long usableBytes(final Path directory) {
        lock.lock();
        try {
            return budget;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs a change under the failures that are set. The caller holds the lock.
     *
     * @param allocates whether it takes up space
     * @param onFault what is done of it when the device fails
     */
    void mutate(
            final Path path,
            final long growth,
            final boolean allocates,
            final Runnable effect,
            final Runnable onFault) {
        requirePower();
        if (failing.contains(path)) {
            throw new StorageException(Failure.IO_ERROR, "simulated EIO of " + path);
        }
        if (growth > budget) {
            throw new StorageException(Failure.OUT_OF_SPACE, "simulated ENOSPC of " + path);
        }
        operations++;
        if (operations > faultyFrom && faults > 0 && (allocates || fault != Failure.OUT_OF_SPACE)) {
            faults--;
            onFault.run();
            throw new StorageException(fault, "simulated fault of " + path);
        }
        if (operations <= cutAfter || lastTakesEffect) {
            effect.run();
            budget -= budget == Long.MAX_VALUE ? 0 : growth;
        }
        requirePower();
        afterEach.run();
    }

    /** Counts a force; whether it is to be done. */
    boolean forces(final Path path) {
        forces++;
        return !forceIgnored.test(path);
    }

    void requirePower() {
        if (operations > cutAfter) {
            throw new StorageException(Failure.IO_ERROR, "simulated power cut");
        }
    }

    private void change(final NameChange change) {
        final Runnable effect = () -> {
            change.applyTo(names);
            unforcedNames.add(change);
        };
        mutate(change.path, 0, change.inode.isPresent(), effect, () -> {});
    }

    private void requireDirectory(final Path path) {
        inode(path.getParent());
    }

    private SimulatedInode inode(final Path path) {
        requirePower();
        final SimulatedInode inode = names.get(path);
        if (inode == null) {
            throw new StorageException(Failure.NOT_FOUND, path + " does not exist");
        }
        return inode;
    }

    private void locked(final Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    /** @param from a name that goes away in the same step */
    private record NameChange(Path path, Optional<SimulatedInode> inode, Optional<Path> from) {
        NameChange(final Path path, final Optional<SimulatedInode> inode) {
            this(path, inode, Optional.empty());
        }

        void applyTo(final Map<Path, SimulatedInode> names) {
            from.ifPresent(names::remove);
            inode.ifPresentOrElse(target -> names.put(path, target), () -> names.remove(path));
        }
    }
}
