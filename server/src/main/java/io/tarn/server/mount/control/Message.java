package io.tarn.server.mount.control;

import io.tarn.posix.linux.UnixSocket;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One thing said on the control socket: a verb, and fields by name, so that processes of different releases understand each other. At most
 * {@link UnixSocket#MESSAGE_BYTES} long.
 *
 * @param verb what is said
 * @param fields by name
 */
public record Message(Verb verb, Map<String, String> fields) {
    private static final int FIELDS_MAX = 64;

    public Message {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public static Message of(final Verb verb) {
        return new Message(verb, Map.of());
    }

    public Message with(final String name, final String value) {
        final Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Message(verb, more);
    }

    public Optional<String> find(final String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /** A field that must be there. */
    public String get(final String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException(verb + " lacks " + name));
    }

    /** @throws IOException when it is too long to be sent */
    byte[] toBytes() throws IOException {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeUTF(verb.name());
            out.writeByte(fields.size());
            for (final Map.Entry<String, String> field : fields.entrySet()) {
                out.writeUTF(field.getKey());
                out.writeUTF(field.getValue());
            }
        }
        if (bytes.size() > UnixSocket.MESSAGE_BYTES || fields.size() > FIELDS_MAX) {
            throw new IOException(verb + " is too long to be said: " + bytes.size() + " bytes");
        }
        return bytes.toByteArray();
    }

    /** @throws IOException when it is nonsense, or of a release that says what this one does not know */
    static Message parse(final byte[] bytes) throws IOException {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            final Verb verb = Verb.valueOf(in.readUTF());
            final int count = in.readUnsignedByte();
            final Map<String, String> fields = new LinkedHashMap<>();
            for (int i = 0; i < count; i++) {
                fields.put(in.readUTF(), in.readUTF());
            }
            return new Message(verb, fields);
        } catch (final IllegalArgumentException | UncheckedIOException nonsense) {
            throw new IOException("not a message: " + nonsense.getMessage(), nonsense);
        }
    }

    /** Without the values, of which some are secret. */
    @Override
    public String toString() {
        return verb + " " + fields.keySet();
    }
}
