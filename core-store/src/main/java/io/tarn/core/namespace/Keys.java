package io.tarn.core.namespace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Layouts of the keys, all big-endian so that byte order is number order.
 *
 * <pre>
 * inode        inode(8)
 * dentry       parent(8) name [/ for a directory]
 * version      parent(8) name' ~order(8)     name' = name with 00 → 00 FF, then 00 01: keeps the order of names
 * nullversion  parent(8) name
 * slice        inode(8) file-offset(8)
 * inline       inode(8)
 * extent       extent(8)
 * doomed       inode(8)
 * reference    extent(8) block-offset(8) inode(8)
 * held         session(8) extent(8)          session 0: open extents that nobody writes any more
 * upload       volume(8) key' upload(8)
 * completed    upload(8)
 * completion   completed-nanos(8) upload(8)
 * part         upload(8) number(4)
 * reply        session(8) sequence(8)
 * feed         volume(8) generation(8)
 * feedrecord   volume(8)
 * xattr        inode(8) name
 * open         session(8) inode(8)
 * lock         inode(8)
 * locked       session(8) inode(8)           where a session holds or awaits locks; inode 0: how many
 * lockwait     session(8) owner(8) inode(8)  where an owner awaits a lock
 * lease        inode(8)
 * leaseholder  session(8) holder
 * delegation   directory(8)
 * delegated    session(8) directory(8)
 * reserved     session(8) first-inode(8)
 * </pre>
 */
final class Keys {
    static final byte DIRECTORY_SUFFIX = '/';

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private Keys() {}

    static byte[] of(final long first) {
        final byte[] key = new byte[Long.BYTES];
        LONG.set(key, 0, first);
        return key;
    }

    static byte[] of(final long first, final long second) {
        final byte[] key = new byte[2 * Long.BYTES];
        LONG.set(key, 0, first);
        LONG.set(key, Long.BYTES, second);
        return key;
    }

    static byte[] of(final long first, final long second, final long third) {
        final byte[] key = new byte[3 * Long.BYTES];
        LONG.set(key, 0, first);
        LONG.set(key, Long.BYTES, second);
        LONG.set(key, 2 * Long.BYTES, third);
        return key;
    }

    static byte[] part(final long upload, final int number) {
        final byte[] key = new byte[Long.BYTES + Integer.BYTES];
        LONG.set(key, 0, upload);
        INT.set(key, Long.BYTES, number);
        return key;
    }

    static int partNumber(final byte[] partKey) {
        return (int) INT.get(partKey, Long.BYTES);
    }

    static byte[] name(final long parent, final byte[] name) {
        final byte[] key = new byte[Long.BYTES + name.length];
        LONG.set(key, 0, parent);
        System.arraycopy(name, 0, key, Long.BYTES, name.length);
        return key;
    }

    static byte[] directory(final long parent, final byte[] name) {
        final byte[] key = new byte[Long.BYTES + name.length + 1];
        LONG.set(key, 0, parent);
        System.arraycopy(name, 0, key, Long.BYTES, name.length);
        key[key.length - 1] = DIRECTORY_SUFFIX;
        return key;
    }

    /** All versions of a name sort under this prefix, newest first. */
    static byte[] versionPrefix(final long parent, final byte[] name) {
        return terminated(parent, name, 0);
    }

    static byte[] version(final long parent, final byte[] name, final long order) {
        final byte[] key = terminated(parent, name, Long.BYTES);
        LONG.set(key, key.length - Long.BYTES, ~order);
        return key;
    }

    static byte[] upload(final long volume, final byte[] objectKey, final long upload) {
        final byte[] key = terminated(volume, objectKey, Long.BYTES);
        LONG.set(key, key.length - Long.BYTES, upload);
        return key;
    }

    /** The number a key ends in. */
    static long lastLong(final byte[] key) {
        return (long) LONG.get(key, key.length - Long.BYTES);
    }

    static long longAt(final byte[] key, final int offset) {
        return (long) LONG.get(key, offset);
    }

    /** The name within a key made by {@link #version} or {@link #upload}. */
    static byte[] terminatedName(final byte[] key) {
        final byte[] name = new byte[key.length];
        int length = 0;
        int at = Long.BYTES;
        while (true) {
            final byte next = key[at++];
            if (next != 0) {
                name[length++] = next;
            } else if (key[at++] == 1) {
                return Arrays.copyOf(name, length);
            } else {
                name[length++] = 0;
            }
        }
    }

    private static byte[] terminated(final long first, final byte[] name, final int tail) {
        int zeros = 0;
        for (final byte b : name) {
            if (b == 0) {
                zeros++;
            }
        }
        final byte[] key = new byte[Long.BYTES + name.length + zeros + 2 + tail];
        LONG.set(key, 0, first);
        int at = Long.BYTES;
        for (final byte b : name) {
            key[at++] = b;
            if (b == 0) {
                key[at++] = (byte) 0xff;
            }
        }
        key[at + 1] = 1;
        return key;
    }

    /** Where a key prefix ends: the smallest key greater than all that begin with it; empty for the end of the family. */
    static byte[] after(final byte[] prefix) {
        int length = prefix.length;
        while (length > 0 && prefix[length - 1] == (byte) 0xff) {
            length--;
        }
        final byte[] end = Arrays.copyOf(prefix, length);
        if (length > 0) {
            end[length - 1]++;
        }
        return end;
    }

    static boolean startsWith(final byte[] key, final byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
