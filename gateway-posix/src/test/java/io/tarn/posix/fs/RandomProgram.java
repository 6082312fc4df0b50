package io.tarn.posix.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.tarn.client.Key;
import io.tarn.posix.fs.ModelTree.Inode;
import io.tarn.posix.fs.TestMount.Descriptor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Does random things to a mount and to the model, and finds that both do the same. The same seed does the same things. */
final class RandomProgram {
    private static final List<String> NAMES = List.of("a", "b", "c", "d", "e", "ä");
    private static final List<String> XATTRS = List.of("user.one", "user.two");
    private static final int DESCRIPTORS_MAX = 6;
    private static final int OFFSET_MAX = 48_000;
    private static final int LENGTH_MAX = 9_000;
    private static final int DEPTH_MAX = 3;

    private final TestMount mount;
    private final Random random;
    private final ModelTree tree = new ModelTree();
    private final Map<Inode, Long> numbers = new IdentityHashMap<>();
    private final ModelComparison comparison = new ModelComparison(numbers);
    private final List<Open> open = new ArrayList<>();

    /** A descriptor of both. */
    private record Open(Inode inode, Descriptor file, boolean appends) {}

    RandomProgram(final TestMount mount, final long seed) {
        this.mount = mount;
        this.random = new Random(seed);
        numbers.put(tree.root, FileSystem.ROOT);
    }

    void step() {
        switch (random.nextInt(30)) {
            case 0, 1, 2, 3 -> create();
            case 4, 5 -> makeDirectory();
            case 6 -> makeSymlink();
            case 7 -> link();
            case 8, 9 -> unlink();
            case 10 -> removeDirectory();
            case 11, 12, 13 -> rename();
            case 14 -> setMode();
            case 15 -> setOwner();
            case 16 -> truncate();
            case 17, 18, 19, 20 -> write();
            case 21, 22, 23 -> read();
            case 24 -> close();
            case 25 -> xattr();
            case 26 -> space();
            case 27 -> copy();
            case 28 -> openFile();
            default -> list(anyDirectory());
        }
    }

    private <T> T any(final List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private Inode anyDirectory() {
        Inode directory = tree.root;
        for (int depth = 0; depth < DEPTH_MAX; depth++) {
            final List<Inode> below = directory.children.values().stream()
                    .filter(Inode::isDirectory)
                    .toList();
            if (below.isEmpty() || random.nextInt(3) == 0) {
                break;
            }
            directory = any(below);
        }
        return directory;
    }

    private Optional<Inode> anyInode() {
        final Inode directory = anyDirectory();
        return directory.children.isEmpty()
                ? Optional.empty()
                : Optional.of(any(List.copyOf(directory.children.values())));
    }

    private Optional<Inode> anyFile() {
        return anyInode().filter(inode -> inode.type == Modes.FILE);
    }

    private long number(final Inode inode) {
        return numbers.get(inode);
    }

    private void agree(final Optional<Errno> expected, final Runnable call) {
        assertThat(TestMount.errno(call)).isEqualTo(expected);
    }

    private void create() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        final int flags = TestMount.READ_WRITE
                | any(List.of(OpenFlags.EXCLUSIVE, 0))
                | any(List.of(0, 0, OpenFlags.TRUNCATE))
                | any(List.of(0, 0, OpenFlags.APPEND));
        final Inode there = directory.children.get(name);
        final int mode = random.nextInt(010000);
        final boolean exclusive = OpenFlags.has(flags, OpenFlags.EXCLUSIVE);
        final Optional<Errno> expected = there == null
                ? Optional.empty()
                : exclusive ? Optional.of(Errno.EEXIST) : ModelTree.openExisting(there);
        final List<FileSystem.Created> created = new ArrayList<>();
        agree(
                expected,
                () -> created.add(mount.files.create(mount.caller, number(directory), Key.of(name), mode, flags)));
        if (expected.isPresent()) {
            return;
        }
        final Inode inode = there == null ? new Inode(Modes.FILE, mode) : there;
        final Entry entry = created.getFirst().entry();
        if (there == null) {
            ModelTree.make(directory, name, inode);
            numbers.put(inode, entry.attributes().inode());
        } else if (OpenFlags.has(flags, OpenFlags.TRUNCATE)) {
            inode.resize(0);
        }
        agree(inode, entry.attributes());
        opened(inode, created.getFirst().opened(), OpenFlags.has(flags, OpenFlags.APPEND));
    }

    private void opened(final Inode inode, final Opened opened, final boolean appends) {
        open.add(new Open(inode, new Descriptor(mount, number(inode), opened), appends));
        if (open.size() > DESCRIPTORS_MAX) {
            open.removeFirst().file().close();
        }
    }

    private void openFile() {
        anyFile().ifPresent(inode -> {
            final boolean appends = random.nextBoolean();
            final int flags = TestMount.READ_WRITE | (appends ? OpenFlags.APPEND : 0);
            opened(inode, mount.files.open(mount.caller, number(inode), flags), appends);
        });
    }

    private void makeDirectory() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        final Inode made = new Inode(Modes.DIRECTORY, random.nextInt(01000));
        agree(ModelTree.make(directory, name, made), () -> {
            final Entry entry = mount.files.makeDirectory(mount.caller, number(directory), Key.of(name), made.mode);
            numbers.put(made, entry.attributes().inode());
            agree(made, entry.attributes());
        });
    }

    private void makeSymlink() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        final Inode made = new Inode(Modes.SYMLINK, 0777);
        made.target = "../" + any(NAMES);
        agree(ModelTree.make(directory, name, made), () -> {
            final Entry entry =
                    mount.files.makeSymlink(mount.caller, number(directory), Key.of(name), Key.of(made.target));
            numbers.put(made, entry.attributes().inode());
            agree(made, entry.attributes());
            assertThat(mount.files.readLink(mount.caller, number(made))).hasToString(made.target);
        });
    }

    private void link() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        anyInode()
                .ifPresent(inode -> agree(
                        ModelTree.link(inode, directory, name),
                        () -> agree(
                                inode,
                                mount.files
                                        .link(mount.caller, number(inode), number(directory), Key.of(name))
                                        .attributes())));
    }

    private void unlink() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        agree(
                ModelTree.unlink(directory, name),
                () -> mount.files.unlink(mount.caller, number(directory), Key.of(name)));
    }

    private void removeDirectory() {
        final Inode directory = anyDirectory();
        final String name = any(NAMES);
        agree(
                ModelTree.removeDirectory(directory, name),
                () -> mount.files.removeDirectory(mount.caller, number(directory), Key.of(name)));
    }

    private void rename() {
        final Inode from = anyDirectory();
        final Inode to = anyDirectory();
        final String name = any(NAMES);
        final String newName = any(NAMES);
        final int flags = any(List.of(0, 0, OpenFlags.RENAME_NO_REPLACE, OpenFlags.RENAME_EXCHANGE));
        agree(
                ModelTree.rename(from, name, to, newName, flags),
                () -> mount.files.rename(mount.caller, number(from), Key.of(name), number(to), Key.of(newName), flags));
    }

    private void setMode() {
        anyInode().filter(inode -> inode.type != Modes.SYMLINK).ifPresent(inode -> {
            inode.mode = random.nextInt(010000);
            agree(inode, set(inode, TestMount.mode(inode.mode)));
        });
    }

    private Attributes set(final Inode inode, final AttributeWish wish) {
        return mount.files.setAttributes(mount.caller, number(inode), wish).attributes();
    }

    private void setOwner() {
        anyInode().ifPresent(inode -> {
            inode.uid = random.nextInt(5);
            inode.gid = random.nextInt(5);
            if (inode.type == Modes.FILE) {
                inode.mode = Modes.withoutPrivileges(inode.mode);
            }
            agree(inode, set(inode, TestMount.owner(inode.uid, inode.gid)));
        });
    }

    private void truncate() {
        anyFile().ifPresent(inode -> {
            inode.resize(random.nextInt(OFFSET_MAX));
            agree(inode, set(inode, TestMount.size(inode.bytes.length)));
        });
    }

    private byte[] content() {
        final byte[] bytes = new byte[1 + random.nextInt(LENGTH_MAX)];
        random.nextBytes(bytes);
        return bytes;
    }

    private void write() {
        if (!open.isEmpty()) {
            final Open file = any(open);
            final byte[] bytes = content();
            final int offset = file.appends ? file.inode.bytes.length : random.nextInt(OFFSET_MAX);
            if (offset + bytes.length <= 4 * OFFSET_MAX) {
                file.file.write(offset, bytes);
                file.inode.write(offset, bytes);
            }
        }
    }

    private void read() {
        if (!open.isEmpty()) {
            final Open file = any(open);
            final int offset = random.nextInt(OFFSET_MAX);
            assertThat(file.file.read(offset, LENGTH_MAX)).isEqualTo(file.inode.read(offset, LENGTH_MAX));
            if (random.nextInt(4) == 0) {
                agree(
                        file.inode,
                        mount.files.attributes(mount.caller, number(file.inode)).attributes());
            }
        }
    }

    private void close() {
        if (!open.isEmpty()) {
            open.remove(random.nextInt(open.size())).file().close();
        }
    }

    private void xattr() {
        anyInode().filter(inode -> inode.type != Modes.SYMLINK).ifPresent(inode -> {
            final String name = any(XATTRS);
            final byte[] value = content();
            switch (random.nextInt(4)) {
                case 0 -> {
                    final boolean there = inode.xattrs.remove(name) != null;
                    agree(
                            there ? Optional.empty() : Optional.of(Errno.ENODATA),
                            () -> mount.files.removeXattr(mount.caller, number(inode), Key.of(name)));
                }
                case 1 -> {
                    final boolean there = inode.xattrs.putIfAbsent(name, value) != null;
                    agree(
                            there ? Optional.of(Errno.EEXIST) : Optional.empty(),
                            () -> mount.files.setXattr(
                                    mount.caller, number(inode), Key.of(name), value, OpenFlags.XATTR_CREATE));
                }
                default -> {
                    inode.xattrs.put(name, value);
                    mount.files.setXattr(mount.caller, number(inode), Key.of(name), value, 0);
                }
            }
        });
    }

    private void space() {
        if (open.isEmpty()) {
            return;
        }
        final Open file = any(open);
        final int offset = random.nextInt(OFFSET_MAX);
        final int length = 1 + random.nextInt(LENGTH_MAX);
        final int mode = any(List.of(0, 1, 3, 0x10, 0x11));
        mount.files.allocate(mount.caller, number(file.inode), file.file.handle(), mode, offset, length);
        final Inode inode = file.inode;
        if (!OpenFlags.has(mode, OpenFlags.KEEP_SIZE)) {
            inode.resize(Math.max(inode.bytes.length, offset + length));
        }
        if (mode > 1) {
            final int end = Math.min(inode.bytes.length, offset + length);
            if (offset < end) {
                Arrays.fill(inode.bytes, offset, end, (byte) 0);
            }
        }
    }

    private void copy() {
        if (open.size() < 2) {
            return;
        }
        final Open from = any(open);
        final Open to = any(open);
        final int offset = random.nextInt(OFFSET_MAX);
        final int toOffset = random.nextInt(OFFSET_MAX);
        final byte[] bytes = from.inode.read(offset, LENGTH_MAX);
        final boolean overlap = from.inode == to.inode && Math.abs(offset - toOffset) < LENGTH_MAX;
        if (!to.appends && !overlap) {
            final long copied = mount.files.copyRange(
                    mount.caller,
                    number(from.inode),
                    from.file.handle(),
                    offset,
                    number(to.inode),
                    to.file.handle(),
                    toOffset,
                    LENGTH_MAX);
            assertThat(copied).isEqualTo(bytes.length);
            if (bytes.length > 0) {
                to.inode.write(toOffset, bytes);
            }
        }
    }

    private void list(final Inode directory) {
        final long inode = number(directory);
        final Opened stream = mount.files.openDirectory(mount.caller, inode);
        final Map<String, Attributes> shown = new TreeMap<>();
        mount.files.readDirectory(mount.caller, inode, stream.handle(), 2, (name, entry, next) -> {
            shown.put(name.toString(), entry.attributes());
            return true;
        });
        mount.files.releaseDirectory(inode, stream.handle());
        assertThat(shown.keySet()).isEqualTo(directory.children.keySet());
        directory.children.forEach((name, child) -> {
            agree(child, shown.get(name));
            agree(child, mount.files.lookup(mount.caller, inode, Key.of(name)).attributes());
        });
        for (final String name : NAMES) {
            if (!directory.children.containsKey(name)) {
                agree(Optional.of(Errno.ENOENT), () -> mount.files.lookup(mount.caller, inode, Key.of(name)));
            }
        }
    }

    /** Closes everything. */
    void finish() {
        open.forEach(file -> file.file().close());
        open.clear();
    }

    /** Compares all there is with what another mount shows. */
    void agreesWith(final TestMount other) {
        comparison.agreesWith(other, tree.root, "/");
    }

    private void agree(final Inode inode, final Attributes shown) {
        comparison.agree(inode, shown);
    }
}
