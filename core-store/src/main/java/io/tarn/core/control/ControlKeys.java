package io.tarn.core.control;

import io.tarn.core.kv.Family;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys of the control group's one family: a type byte, then names separated by a zero byte (no name holds one), or a
 * big-endian number. Scans of a type, or of a tenant's part of it, are therefore ranges in name order.
 */
final class ControlKeys {
    static final Family FAMILY = Family.of("control", 0);

    private static final byte TENANT = 'T';
    private static final byte USER = 'U';
    private static final byte UID = 'i';
    private static final byte KEY = 'K';
    private static final byte VOLUME = 'V';
    private static final byte VOLUME_ID = 'v';
    private static final byte SESSION = 'S';
    private static final byte COUNTER = 'N';

    private ControlKeys() {}

    static byte[] tenant(final String name) {
        return named(TENANT, name);
    }

    static byte[] tenants() {
        return new byte[] {TENANT};
    }

    static byte[] user(final String tenant, final String name) {
        return named(USER, tenant + '\0' + name);
    }

    static byte[] users(final String tenant) {
        return named(USER, tenant + '\0');
    }

    static byte[] allUsers() {
        return new byte[] {USER};
    }

    static byte[] uid(final String tenant, final int uid) {
        final byte[] prefix = named(UID, tenant + '\0');
        return ByteBuffer.allocate(prefix.length + Integer.BYTES)
                .put(prefix)
                .putInt(uid)
                .array();
    }

    static byte[] key(final String id) {
        return named(KEY, id);
    }

    static byte[] keys() {
        return new byte[] {KEY};
    }

    static byte[] volume(final String name) {
        return named(VOLUME, name);
    }

    static byte[] volumes() {
        return new byte[] {VOLUME};
    }

    static byte[] volumeId(final long id) {
        return numbered(VOLUME_ID, id);
    }

    static byte[] session(final long id) {
        return numbered(SESSION, id);
    }

    static byte[] sessions() {
        return new byte[] {SESSION};
    }

    static byte[] counter(final String name) {
        return named(COUNTER, name);
    }

    /** What follows the type byte, for keys that are names. */
    static String name(final ByteBuffer key) {
        return StandardCharsets.UTF_8.decode(key.slice(1, key.limit() - 1)).toString();
    }

    static byte[] bytes(final ByteBuffer key) {
        final byte[] bytes = new byte[key.limit()];
        key.get(0, bytes);
        return bytes;
    }

    static boolean isUser(final ByteBuffer key) {
        return key.get(0) == USER;
    }

    static boolean isKey(final ByteBuffer key) {
        return key.get(0) == KEY;
    }

    static boolean isVolume(final ByteBuffer key) {
        return key.get(0) == VOLUME;
    }

    static boolean isSession(final ByteBuffer key) {
        return key.get(0) == SESSION;
    }

    /** The first key after all that start with {@code prefix}; type bytes are ASCII, so it exists. */
    static byte[] after(final byte[] prefix) {
        final byte[] end = Arrays.copyOf(prefix, prefix.length);
        end[end.length - 1]++;
        return end;
    }

    private static byte[] named(final byte type, final String name) {
        final byte[] text = name.getBytes(StandardCharsets.UTF_8);
        final byte[] key = new byte[1 + text.length];
        key[0] = type;
        System.arraycopy(text, 0, key, 1, text.length);
        return key;
    }

    private static byte[] numbered(final byte type, final long number) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(type).putLong(number).array();
    }
}
