package io.tarn.s3.xml;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * Writes XML straight to bytes of UTF-8. Element names are taken as they are (constants of ours); text is escaped, control
 * characters as numeric references the way AWS answers them, though XML 1.0 has no such characters.
 *
 * <p>Cost: one growing array for a document, no object for an element. ASCII text is copied character by character with no
 * encoder. Not thread-safe; made for one document.
 */
public final class XmlWriter {
    /** The namespace of S3's documents. */
    public static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final byte[] DECLARATION =
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] REPLACEMENT = "\uFFFD".getBytes(StandardCharsets.UTF_8);
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes;
    private int length;

    /** A document that is expected to take about this many bytes, the XML declaration written. */
    public XmlWriter(final int expectedBytes) {
        bytes = new byte[Math.max(128, expectedBytes)];
        append(DECLARATION);
    }

    /** Opens an element. */
    public XmlWriter open(final String name) {
        ensure(name.length() + 2);
        bytes[length++] = '<';
        ascii(name);
        bytes[length++] = '>';
        return this;
    }

    /** Opens the root element of a document in S3's namespace. */
    public XmlWriter openRoot(final String name) {
        ensure(name.length() + S3_NAMESPACE.length() + 16);
        bytes[length++] = '<';
        ascii(name);
        ascii(" xmlns=\"");
        ascii(S3_NAMESPACE);
        ascii("\">");
        return this;
    }

    /** Opens an element with attributes given as raw, already escaped text, for example {@code xsi:type="Group"}. */
    public XmlWriter openWith(final String name, final String attributes) {
        ensure(name.length() + attributes.length() + 3);
        bytes[length++] = '<';
        ascii(name);
        bytes[length++] = ' ';
        ascii(attributes);
        bytes[length++] = '>';
        return this;
    }

    /** Closes an element; the caller keeps the nesting. */
    public XmlWriter close(final String name) {
        ensure(name.length() + 3);
        bytes[length++] = '<';
        bytes[length++] = '/';
        ascii(name);
        bytes[length++] = '>';
        return this;
    }

    /** Writes an element with text. */
    public XmlWriter element(final String name, final String text) {
        return open(name).text(text).close(name);
    }

    /** Writes an element with a number. */
    public XmlWriter element(final String name, final long number) {
        open(name);
        digits(number);
        return close(name);
    }

    /** Writes an element with {@code true} or {@code false}. */
    public XmlWriter element(final String name, final boolean value) {
        return element(name, value ? "true" : "false");
    }

    /** Writes an element with a time in ISO 8601, UTC, to the millisecond, as in {@code 2009-10-12T17:50:30.000Z}. */
    public XmlWriter element(final String name, final Instant time) {
        open(name);
        timestamp(time);
        return close(name);
    }

    /** Writes an element with an ETag: the quotes stand escaped, as in AWS's answers. */
    public XmlWriter etag(final String name, final String bareEtag) {
        open(name);
        ensure(12);
        ascii("&quot;");
        text(bareEtag);
        ensure(6);
        ascii("&quot;");
        return close(name);
    }

    /** Writes escaped text. A lone surrogate becomes U+FFFD. */
    public XmlWriter text(final String text) {
        int end = text.length();
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            ensure(8);
            if (c >= 0x80) {
                i += nonAscii(text, i);
            } else if (c >= ' ' && c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' && c != 0x7F) {
                bytes[length++] = (byte) c;
            } else {
                escaped(c);
            }
        }
        return this;
    }

    private void escaped(final char c) {
        switch (c) {
            case '&' -> ascii("&amp;");
            case '<' -> ascii("&lt;");
            case '>' -> ascii("&gt;");
            case '"' -> ascii("&quot;");
            case '\'' -> ascii("&#39;");
            default -> {
                ascii("&#x");
                if (c >= 16) {
                    bytes[length++] = DIGITS[c >> 4];
                }
                bytes[length++] = DIGITS[c & 15];
                bytes[length++] = ';';
            }
        }
    }

    /** Encodes the character at {@code i}, and gives how many more chars it took. */
    private int nonAscii(final String text, final int i) {
        char c = text.charAt(i);
        if (c < 0x800) {
            bytes[length++] = (byte) (0xC0 | c >> 6);
            bytes[length++] = (byte) (0x80 | (c & 0x3F));
            return 0;
        }
        if (!Character.isSurrogate(c) && c < 0xFFFE) {
            bytes[length++] = (byte) (0xE0 | c >> 12);
            bytes[length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
            bytes[length++] = (byte) (0x80 | (c & 0x3F));
            return 0;
        }
        if (c >= 0xFFFE) {
            ascii(c == 0xFFFE ? "&#xfffe;" : "&#xffff;");
            return 0;
        }
        int codePoint = text.codePointAt(i);
        if (!Character.isSupplementaryCodePoint(codePoint)) {
            append(REPLACEMENT);
            return 0;
        }
        bytes[length++] = (byte) (0xF0 | codePoint >> 18);
        bytes[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
        bytes[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (codePoint & 0x3F));
        return 1;
    }

    private void timestamp(final Instant time) {
        var utc = time.atOffset(ZoneOffset.UTC);
        ensure(24);
        padded(utc.getYear(), 4);
        bytes[length++] = '-';
        padded(utc.getMonthValue(), 2);
        bytes[length++] = '-';
        padded(utc.getDayOfMonth(), 2);
        bytes[length++] = 'T';
        padded(utc.getHour(), 2);
        bytes[length++] = ':';
        padded(utc.getMinute(), 2);
        bytes[length++] = ':';
        padded(utc.getSecond(), 2);
        bytes[length++] = '.';
        padded(utc.getNano() / 1_000_000, 3);
        bytes[length++] = 'Z';
    }

    private void padded(final int number, final int width) {
        int rest = number;
        for (int i = length + width - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
    }

    private void digits(final long number) {
        if (number < 0) {
            text(Long.toString(number));
            return;
        }
        int width = 1;
        for (long rest = number / 10; rest > 0; rest /= 10) {
            width++;
        }
        ensure(width);
        long rest = number;
        for (int i = length + width - 1; i >= length; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        length += width;
    }

    /** Bytes written so far. */
    public int length() {
        return length;
    }

    /** The document, as a view of the writer's own array: write no more afterwards. */
    public ByteBuffer toByteBuffer() {
        return ByteBuffer.wrap(bytes, 0, length);
    }

    /** A copy of the document. */
    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    private void append(final byte[] raw) {
        ensure(raw.length);
        System.arraycopy(raw, 0, bytes, length, raw.length);
        length += raw.length;
    }

    /** Copies text known to be ASCII; the room is there. */
    private void ascii(final String text) {
        for (int i = 0; i < text.length(); i++) {
            bytes[length + i] = (byte) text.charAt(i);
        }
        length += text.length();
    }

    private void ensure(final int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.addExact(bytes.length, bytes.length)));
        }
    }
}
