package io.tarn.s3.request;

import io.tarn.s3.wire.PercentCoding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The encoded words of RFC 2047: {@code =?UTF-8?B?…?=} and {@code =?UTF-8?Q?…?=}. What is not well-formed stays as it is. */
final class EncodedWords {
    /** RFC 2047 section 2 allows 75 characters; 45 bytes make 60 of base64 and leave room for the frame. */
    private static final int MAX_WORD_BYTES = 45;

    private EncodedWords() {}

    static String encode(final String text) {
        var encoded = new StringBuilder();
        var word = new ByteArrayOutputStream(MAX_WORD_BYTES);
        for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
            byte[] utf8 = Character.toString(text.codePointAt(i)).getBytes(StandardCharsets.UTF_8);
            if (word.size() + utf8.length > MAX_WORD_BYTES) {
                append(encoded, word);
            }
            word.writeBytes(utf8);
        }
        append(encoded, word);
        return encoded.toString();
    }

    private static void append(final StringBuilder encoded, final ByteArrayOutputStream word) {
        if (!encoded.isEmpty()) {
            encoded.append(' ');
        }
        encoded.append("=?UTF-8?B?")
                .append(Base64.getEncoder().encodeToString(word.toByteArray()))
                .append("?=");
        word.reset();
    }

    static String decode(final String text) {
        var decoded = new StringBuilder(text.length());
        int at = 0;
        boolean afterWord = false;
        while (at < text.length()) {
            int start = text.indexOf("=?", at);
            int charsetEnd = start < 0 ? -1 : text.indexOf('?', start + 2);
            int codingEnd = charsetEnd < 0 ? -1 : text.indexOf('?', charsetEnd + 1);
            int end = codingEnd < 0 ? -1 : text.indexOf("?=", codingEnd + 1);
            if (end < 0) {
                break;
            }
            Optional<String> word = word(
                    text.substring(start + 2, charsetEnd),
                    text.substring(charsetEnd + 1, codingEnd),
                    text.substring(codingEnd + 1, end));
            String between = text.substring(at, start);
            if (word.isEmpty()) {
                decoded.append(between).append("=?");
                at = start + 2;
                afterWord = false;
                continue;
            }
            // RFC 2047 section 6.2: blanks between two encoded words are not part of the text
            if (!afterWord || !between.isBlank()) {
                decoded.append(between);
            }
            decoded.append(word.get());
            at = end + 2;
            afterWord = true;
        }
        return decoded.append(text, at, text.length()).toString();
    }

    private static Optional<String> word(final String charsetName, final String coding, final String content) {
        Charset charset =
                switch (charsetName.toLowerCase(Locale.ROOT)) {
                    case "utf-8" -> StandardCharsets.UTF_8;
                    case "iso-8859-1", "us-ascii" -> StandardCharsets.ISO_8859_1;
                    default -> null;
                };
        if (charset == null) {
            return Optional.empty();
        }
        return switch (coding) {
            case "B", "b" -> base64(content).map(bytes -> new String(bytes, charset));
            case "Q", "q" -> Optional.of(new String(quoted(content), charset));
            default -> Optional.empty();
        };
    }

    private static Optional<byte[]> base64(final String content) {
        try {
            return Optional.of(Base64.getDecoder().decode(content));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static byte[] quoted(final String content) {
        var bytes = new ByteArrayOutputStream(content.length());
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            int high = c == '=' && i + 2 < content.length() ? PercentCoding.hexValue(content.charAt(i + 1)) : -1;
            int low = high >= 0 ? PercentCoding.hexValue(content.charAt(i + 2)) : -1;
            if (low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c == '_' ? ' ' : c);
            }
        }
        return bytes.toByteArray();
    }
}
