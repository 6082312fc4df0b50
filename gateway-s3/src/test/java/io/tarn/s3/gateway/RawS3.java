package io.tarn.s3.gateway;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Requests at the socket, byte for byte as a test wants them, signed with {@link TestSigner} where it asks for it. */
final class RawS3 {
    static final int TIMEOUT_MILLIS = 20_000;

    private final int port;

    RawS3(final int port) {
        this.port = port;
    }

    /** An answer: header names in lower case, several lines of one joined by commas. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        String header(final String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }

        /** Text of the first element of this name; empty if there is none. */
        String element(final String name) {
            final String text = text();
            final int start = text.indexOf("<" + name + ">");
            final int end = text.indexOf("</" + name + ">");
            return start < 0 || end < start ? "" : text.substring(start + name.length() + 2, end);
        }

        /** Status and error code: {@code 404 NoSuchKey}. */
        String error() {
            return status + " " + element("Code");
        }
    }

    Socket connect() throws IOException {
        final var socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    static void send(final Socket socket, final String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** A signed request of main's with a body; headers in pairs. */
    Answer call(final String method, final String target, final String body, final String... headers) {
        return send(TestSigner.MAIN, method, target, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A DeleteObjects of main's in {@code /bucket}, with the digest it has to have. */
    Answer deleteObjects(final String bucket, final String document) {
        return call("POST", bucket + "?delete", document, "Content-MD5", md5(document));
    }

    static String md5(final String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (final GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(final String target, final String... headers) {
        return call("GET", target, "", headers);
    }

    Answer put(final String target, final String body, final String... headers) {
        return call("PUT", target, body, headers);
    }

    /** A request with no signature. */
    Answer anonymous(final String method, final String target, final String body, final String... headers) {
        return exchange(method, target, body.getBytes(StandardCharsets.UTF_8), List.of(headers));
    }

    Answer send(
            final TestSigner signer,
            final String method,
            final String target,
            final byte[] body,
            final String... headers) {
        return exchange(
                method, target, body, signer.sign(method, target, host(), List.of(headers), body, Instant.now()));
    }

    /** A request with exactly these headers, in pairs. */
    Answer exchangeUnsigned(final String method, final String target, final List<String> headers) {
        return exchange(method, target, new byte[0], headers);
    }

    String host() {
        return "127.0.0.1:" + port;
    }

    private Answer exchange(final String method, final String target, final byte[] body, final List<String> headers) {
        final var head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        boolean hasHost = false;
        boolean hasLength = false;
        for (int i = 0; i < headers.size(); i += 2) {
            hasHost |= headers.get(i).equalsIgnoreCase("host");
            hasLength |= headers.get(i).equalsIgnoreCase("content-length");
            head.append(headers.get(i)).append(": ").append(headers.get(i + 1)).append("\r\n");
        }
        if (!hasHost) {
            head.append("Host: ").append(host()).append("\r\n");
        }
        if (!hasLength && (body.length > 0 || method.equals("PUT") || method.equals("POST"))) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        try (Socket socket = connect()) {
            send(socket, head.append("\r\n").toString());
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return read(socket.getInputStream(), method.equals("HEAD"));
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Reads one answer; a {@code 100 Continue} before it is read over. */
    static Answer read(final InputStream in, final boolean head) throws IOException {
        final String statusLine = line(in);
        final int status = Integer.parseInt(statusLine.split(" ", -1)[1]);
        final var headers = new TreeMap<String, String>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            final int colon = line.indexOf(':');
            headers.merge(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip(),
                    (first, next) -> first + "," + next);
        }
        if (status == 100) {
            return read(in, head);
        }
        final boolean bodyless = head || status == 204 || status == 304;
        final int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        final byte[] body = bodyless ? new byte[0] : in.readNBytes(length);
        if (!bodyless && body.length < length) {
            throw new EOFException("the answer ends after " + body.length + " of " + length + " bytes");
        }
        return new Answer(status, headers, body);
    }

    private static String line(final InputStream in) throws IOException {
        final var line = new ByteArrayOutputStream();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after: " + line.toString(StandardCharsets.ISO_8859_1));
            }
            if (c != '\r') {
                line.write(c);
            }
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    /** All elements of a name, in order. */
    static List<String> elements(final String xml, final String name) {
        final var found = new ArrayList<String>();
        int at = xml.indexOf("<" + name + ">");
        while (at >= 0) {
            final int end = xml.indexOf("</" + name + ">", at);
            found.add(xml.substring(at + name.length() + 2, end));
            at = xml.indexOf("<" + name + ">", end);
        }
        return found;
    }
}
