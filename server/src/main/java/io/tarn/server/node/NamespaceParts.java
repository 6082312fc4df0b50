package io.tarn.server.node;

import io.tarn.client.Administration;
import io.tarn.client.ObjectStore;
import io.tarn.client.TarnClient;
import io.tarn.client.Usage;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.control.VolumePolicy;
import io.tarn.core.control.VolumeRoots;
import io.tarn.core.kv.Family;
import io.tarn.core.kv.KeyValueReader;
import io.tarn.core.kv.WriteSet;
import io.tarn.core.shard.LogEntry;
import io.tarn.core.shard.ReplicatedState;
import io.tarn.core.shard.Shard;
import io.tarn.server.config.ServerConfig;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * The parts of names and bytes that an embedded node is assembled from. This assembly has administration and no content: volumes
 * have a root inode and stay empty, and every call for content is refused as unsupported.
 */
public final class NamespaceParts implements Namespace {
    private static final int SEQUENCE_BITS = 48;

    private NamespaceParts() {}

    public static Namespace assemble(final ServerConfig config, final Path dataDirectory) {
        return new NamespaceParts();
    }

    @Override
    public ReplicatedState state() {
        return new Unchanging();
    }

    @Override
    public void start(final Shard shard) {
        // nothing to recover
    }

    @Override
    public VolumeRoots roots() {
        return new EmptyRoots();
    }

    @Override
    public TarnClient client(final Administration administration) {
        return new AdministrationOnly(administration);
    }

    @Override
    public List<String> check() {
        return List.of();
    }

    @Override
    public void close() {
        // nothing is open
    }

    /** Answers every command with nothing. */
    private static final class Unchanging implements ReplicatedState {
        @Override
        public List<Family> families() {
            return List.of();
        }

        @Override
        public List<byte[]> apply(final LogEntry entry, final KeyValueReader store, final WriteSet changes) {
            return Collections.nCopies(entry.commands().size(), new byte[0]);
        }
    }

    /** Roots that are never written to. */
    private static final class EmptyRoots implements VolumeRoots {
        @Override
        public long create(final int shard, final long volumeId, final VolumePolicy policy) {
            return ((long) shard << SEQUENCE_BITS) | volumeId;
        }

        @Override
        public void deleteIfEmpty(final int shard, final long volumeId) {
            // nothing can be in it
        }

        @Override
        public Usage usage(final int shard, final long volumeId) {
            return new Usage(0, 0);
        }

        @Override
        public void setPolicy(final int shard, final long volumeId, final VolumePolicy policy) {
            // rules over nothing
        }
    }

    private record AdministrationOnly(Administration administration) implements TarnClient {
        @Override
        public ObjectStore objects() {
            final Class<?>[] types = {ObjectStore.class};
            return (ObjectStore)
                    Proxy.newProxyInstance(ObjectStore.class.getClassLoader(), types, (proxy, method, arguments) -> {
                        throw new StorageException(Failure.UNSUPPORTED, "this server holds no content");
                    });
        }

        @Override
        public void close() {
            // the administration is closed by the node
        }
    }
}
