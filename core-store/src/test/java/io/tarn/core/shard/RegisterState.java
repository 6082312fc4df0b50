package io.tarn.core.shard;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.Overlay;
import io.tarn.core.kv.WriteSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Registers for tests. A command {@code key=value} sets one and replies with the old value; {@code boom} throws. Every command
 * also counts, so that one applied twice or never shows.
 */
final class RegisterState implements ReplicatedState {
    static final Family REGISTERS = Family.of("registers", 0);
    static final String COUNT = "#count";

    @Override
    public List<Family> families() {
        return List.of(REGISTERS);
    }

    @Override
    public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
        final Overlay overlay = new Overlay(store);
        final List<byte[]> replies = new ArrayList<>();
        for (final byte[] command : entry.commands()) {
            final String[] parts = new String(command, UTF_8).split("=", 2);
            if (parts[0].equals("boom")) {
                throw new IllegalStateException("boom");
            }
            replies.add(bytes(get(overlay, parts[0])));
            overlay.put(REGISTERS, bytes(parts[0]), bytes(parts[1]));
            overlay.put(REGISTERS, bytes(COUNT), bytes(Long.toString(count(overlay) + 1)));
        }
        overlay.drainTo(changes);
        return replies;
    }

    static String get(final KeyValueReader reader, final String key) {
        return reader.get(REGISTERS, bytes(key))
                .map(value -> new String(value, UTF_8))
                .orElse("");
    }

    static long count(final KeyValueReader reader) {
        final String count = get(reader, COUNT);
        return count.isEmpty() ? 0 : Long.parseLong(count);
    }

    static byte[] bytes(final String text) {
        return text.getBytes(UTF_8);
    }
}
