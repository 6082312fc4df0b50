package io.tarn.core.shard;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where a node keeps its shards and where it listens.
 *
 * @param node name of this node among the members of its groups
 * @param logDirectory of the Raft logs; may lie on a device of its own
 * @param storeDirectory of the stores
 * @param host address that the Raft port is bound to
 * @param port the Raft port; 0 picks a free one and keeps it, which only a node without other members can use
 * @param shards how the shards behave
 */
public record NodeOptions(
        String node, Path logDirectory, Path storeDirectory, String host, int port, ShardOptions shards) {
    public static final String LOOPBACK = "127.0.0.1";

    public NodeOptions {
        Objects.requireNonNull(node);
        Objects.requireNonNull(logDirectory);
        Objects.requireNonNull(storeDirectory);
        Objects.requireNonNull(host);
        Objects.requireNonNull(shards);
        if (port < 0 || port > 0xffff) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    /** A node without others, with everything below {@code directory}. */
    public static NodeOptions embedded(final Path directory) {
        return new NodeOptions(
                "node-1", directory.resolve("log"), directory.resolve("store"), LOOPBACK, 0, ShardOptions.defaults());
    }
}
