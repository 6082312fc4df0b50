package io.tarn.core.namespace;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The names under which POSIX and HDFS see what they cannot say. Most names are shown as they are; an escaped one begins with
 * {@code %tarn} and a sign for its kind, and so does any name that begins with that marker itself:
 *
 * <pre>
 * %tarn-NAME          the entry NAME: empty, "." or "..", with a NUL, or beginning with the marker
 * %tarn+NAME          the file NAME that stands beside the directory NAME/
 * %tarn~DIGEST NAME…  the entry of a name too long to be shown: 32 hexadecimal digits, then as much of the name as fits
 * %tarn*DIGEST NAME…  the same for a file beside a directory
 * </pre>
 *
 * In an escaped name {@code %} is written {@code %25} and NUL {@code %00}. Each entry has exactly one shown name; text that is not the
 * shown name of anything parses as {@link None}. Pure functions.
 */
final class NameEscape {
    static final int NAME_MAX_BYTES = 255;

    private static final byte[] MARKER = "%tarn".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGEST_BYTES = 16;
    private static final int DIGEST_DIGITS = 2 * DIGEST_BYTES;
    private static final byte WHOLE = '-';
    private static final byte WHOLE_BESIDE = '+';
    private static final byte LONG = '~';
    private static final byte LONG_BESIDE = '*';

    private NameEscape() {}

    /** What a shown name says. */
    sealed interface Parsed {}

    /** The entry of this name: its directory if there is one, else its file. */
    record Exact(byte[] name) implements Parsed {}

    /** The file of this name, which stands beside a directory of the same name. */
    record Beside(byte[] name) implements Parsed {}

    /** An entry whose name begins with {@code prefix} and is shown as {@code shown}. */
    record Shortened(byte[] prefix, byte[] shown, boolean beside) implements Parsed {}

    /** No entry is ever shown so. */
    record None() implements Parsed {}

    private static boolean isPlain(final byte[] name) {
        boolean dots = name.length <= 2;
        for (final byte b : name) {
            if (b == 0 || b == '/') {
                return false;
            }
            dots &= b == '.';
        }
        return !dots && name.length <= NAME_MAX_BYTES && !Keys.startsWith(name, MARKER);
    }

    /** How an entry's name is shown; {@code beside} for a file that has a directory of its name beside it. */
    static byte[] shown(final byte[] name, final boolean beside) {
        if (!beside && isPlain(name)) {
            return name;
        }
        final byte[] whole = new byte[MARKER.length + 1 + encodedLength(name, name.length)];
        putMarker(whole, beside ? WHOLE_BESIDE : WHOLE);
        encode(name, name.length, whole, MARKER.length + 1);
        return whole.length <= NAME_MAX_BYTES ? whole : digested(name, beside);
    }

    private static byte[] digested(final byte[] name, final boolean beside) {
        final int head = MARKER.length + 1 + DIGEST_DIGITS;
        int fits = 0;
        int length = head;
        while (fits < name.length && length + encodedLength(name[fits]) <= NAME_MAX_BYTES) {
            length += encodedLength(name[fits]);
            fits++;
        }
        // Not in the middle of a character, so that what is shown stays UTF-8 if the name is.
        while (fits > 0 && fits < name.length && (name[fits] & 0xc0) == 0x80) {
            fits--;
        }
        final byte[] shown = new byte[head + encodedLength(name, fits)];
        putMarker(shown, beside ? LONG_BESIDE : LONG);
        final byte[] digits =
                HexFormat.of().formatHex(digest(name), 0, DIGEST_BYTES).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(digits, 0, shown, MARKER.length + 1, digits.length);
        encode(name, fits, shown, head);
        return shown;
    }

    private static void putMarker(final byte[] target, final byte kind) {
        System.arraycopy(MARKER, 0, target, 0, MARKER.length);
        target[MARKER.length] = kind;
    }

    private static byte[] digest(final byte[] name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name);
        } catch (final NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static int encodedLength(final byte[] name, final int count) {
        int length = 0;
        for (int at = 0; at < count; at++) {
            length += encodedLength(name[at]);
        }
        return length;
    }

    private static int encodedLength(final byte b) {
        return b == 0 || b == '%' ? 3 : 1;
    }

    private static void encode(final byte[] name, final int count, final byte[] target, final int from) {
        int at = from;
        for (int i = 0; i < count; i++) {
            if (name[i] == 0 || name[i] == '%') {
                target[at++] = '%';
                target[at++] = (byte) (name[i] == 0 ? '0' : '2');
                target[at++] = (byte) (name[i] == 0 ? '0' : '5');
            } else {
                target[at++] = name[i];
            }
        }
    }

    private static Optional<byte[]> decode(final byte[] shown, final int from) {
        final byte[] name = new byte[shown.length - from];
        int length = 0;
        for (int at = from; at < shown.length; at++) {
            if (shown[at] != '%') {
                name[length++] = shown[at];
            } else if (at + 2 < shown.length && shown[at + 1] == '0' && shown[at + 2] == '0') {
                name[length++] = 0;
                at += 2;
            } else if (at + 2 < shown.length && shown[at + 1] == '2' && shown[at + 2] == '5') {
                name[length++] = '%';
                at += 2;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(Arrays.copyOf(name, length));
    }

    /** The opposite of {@link #shown}. */
    static Parsed parse(final byte[] shown) {
        if (isPlain(shown)) {
            return new Exact(shown);
        }
        if (shown.length > NAME_MAX_BYTES || shown.length <= MARKER.length || !Keys.startsWith(shown, MARKER)) {
            return new None();
        }
        return switch (shown[MARKER.length]) {
            case WHOLE -> whole(shown, false);
            case WHOLE_BESIDE -> whole(shown, true);
            case LONG -> digested(shown, LONG);
            case LONG_BESIDE -> digested(shown, LONG_BESIDE);
            default -> new None();
        };
    }

    private static Parsed whole(final byte[] shown, final boolean beside) {
        final Optional<byte[]> name = decode(shown, MARKER.length + 1)
                .filter(decoded -> indexOfSlash(decoded) < 0 && Arrays.equals(shown(decoded, beside), shown));
        if (name.isEmpty()) {
            return new None();
        }
        return beside ? new Beside(name.get()) : new Exact(name.get());
    }

    private static int indexOfSlash(final byte[] name) {
        for (int at = 0; at < name.length; at++) {
            if (name[at] == '/') {
                return at;
            }
        }
        return -1;
    }

    private static Parsed digested(final byte[] shown, final byte kind) {
        final int head = MARKER.length + 1 + DIGEST_DIGITS;
        if (shown.length < head) {
            return new None();
        }
        final Optional<byte[]> prefix = decode(shown, head).filter(decoded -> indexOfSlash(decoded) < 0);
        return prefix.isEmpty() ? new None() : new Shortened(prefix.get(), shown, kind == LONG_BESIDE);
    }
}
