package io.tarn.posix.fs;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A POSIX ACL as extended attributes carry it (linux/posix_acl_xattr.h, version 2): little-endian entries of tag, permissions and id. The
 * rules are those of fs/posix_acl.c: the mode's group bits are the mask where there is one.
 *
 * @param entries in the order of their tags, as the kernel demands
 */
record PosixAcl(List<Entry> entries) {
    private static final int VERSION = 2;
    private static final int ENTRY_BYTES = 8;
    private static final int RIGHTS = 7;
    private static final int NO_ID = -1;

    private static final int USER_OBJECT = 1;
    private static final int USER = 2;
    private static final int GROUP_OBJECT = 4;
    private static final int GROUP = 8;
    private static final int MASK = 0x10;
    private static final int OTHER = 0x20;

    /** Who may do what. */
    record Entry(int tag, int rights, int id) {
        Entry limitedTo(final int most) {
            return new Entry(tag, rights & most, id);
        }

        Entry with(final int newRights) {
            return new Entry(tag, newRights, id);
        }
    }

    PosixAcl {
        entries = List.copyOf(entries);
    }

    /** {@code EINVAL} for what is none. */
    static PosixAcl parse(final byte[] bytes) {
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.length < Integer.BYTES
                || (bytes.length - Integer.BYTES) % ENTRY_BYTES != 0
                || buffer.getInt() != VERSION) {
            throw Errno.EINVAL.exception();
        }
        final List<Entry> entries = new ArrayList<>();
        while (buffer.hasRemaining()) {
            entries.add(new Entry(
                    Short.toUnsignedInt(buffer.getShort()), Short.toUnsignedInt(buffer.getShort()), buffer.getInt()));
        }
        final PosixAcl acl = new PosixAcl(entries);
        acl.requireValid();
        return acl;
    }

    /** One entry each for owner, group and others, and a mask where users or groups are named. */
    private void requireValid() {
        final boolean named = entries.stream().anyMatch(entry -> entry.tag == USER || entry.tag == GROUP);
        final boolean known = entries.stream()
                .allMatch(entry ->
                        Integer.bitCount(entry.tag) == 1 && entry.tag <= OTHER && (entry.rights & ~RIGHTS) == 0);
        if (!entries.isEmpty()
                && (!known
                        || count(USER_OBJECT) != 1
                        || count(GROUP_OBJECT) != 1
                        || count(OTHER) != 1
                        || count(MASK) > 1
                        || (named && count(MASK) == 0))) {
            throw Errno.EINVAL.exception();
        }
    }

    private long count(final int tag) {
        return entries.stream().filter(entry -> entry.tag == tag).count();
    }

    byte[] toByteArray() {
        final ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + ENTRY_BYTES * entries.size())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(VERSION);
        entries.forEach(entry -> buffer.putShort((short) entry.tag)
                .putShort((short) entry.rights)
                .putInt(entry.id));
        return buffer.array();
    }

    private Optional<Integer> rights(final int tag) {
        return entries.stream().filter(entry -> entry.tag == tag).findFirst().map(Entry::rights);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Whether the permission bits say all that it says. */
    boolean isMinimal() {
        return entries.stream().noneMatch(entry -> entry.tag == USER || entry.tag == GROUP || entry.tag == MASK);
    }

    /** The nine permission bits that go with it. */
    int mode() {
        return (rights(USER_OBJECT).orElse(0) << 6)
                | (rights(MASK).or(() -> rights(GROUP_OBJECT)).orElse(0) << 3)
                | rights(OTHER).orElse(0);
    }

    /** What it becomes when the permission bits are set. */
    PosixAcl withMode(final int mode) {
        final boolean masked = count(MASK) > 0;
        return new PosixAcl(entries.stream()
                .map(entry -> switch (entry.tag) {
                    case USER_OBJECT -> entry.with((mode >> 6) & RIGHTS);
                    case GROUP_OBJECT -> masked ? entry : entry.with((mode >> 3) & RIGHTS);
                    case MASK -> entry.with((mode >> 3) & RIGHTS);
                    case OTHER -> entry.with(mode & RIGHTS);
                    default -> entry;
                })
                .toList());
    }

    /** The access ACL of what is made with a mode in a directory of which this is the default ACL. */
    PosixAcl inheritedWith(final int mode) {
        final boolean masked = count(MASK) > 0;
        return new PosixAcl(entries.stream()
                .map(entry -> switch (entry.tag) {
                    case USER_OBJECT -> entry.limitedTo((mode >> 6) & RIGHTS);
                    case GROUP_OBJECT -> masked ? entry : entry.limitedTo((mode >> 3) & RIGHTS);
                    case MASK -> entry.limitedTo((mode >> 3) & RIGHTS);
                    case OTHER -> entry.limitedTo(mode & RIGHTS);
                    default -> entry;
                })
                .toList());
    }

    /** One that says what permission bits say. */
    static PosixAcl ofMode(final int mode) {
        return new PosixAcl(List.of(
                new Entry(USER_OBJECT, (mode >> 6) & RIGHTS, NO_ID),
                new Entry(GROUP_OBJECT, (mode >> 3) & RIGHTS, NO_ID),
                new Entry(OTHER, mode & RIGHTS, NO_ID)));
    }
}
