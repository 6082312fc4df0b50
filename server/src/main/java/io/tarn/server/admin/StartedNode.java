package io.tarn.server.admin;

import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.server.node.EmbeddedNode;
import java.util.concurrent.atomic.AtomicReference;

/** The node, once it is there: the admin listener comes up beside it. Thread-safe. */
public final class StartedNode {
    private final AtomicReference<EmbeddedNode> node = new AtomicReference<>();

    public void set(final EmbeddedNode started) {
        node.set(started);
    }

    /** @throws StorageException {@link Failure#UNAVAILABLE} while it starts */
    EmbeddedNode node() {
        final EmbeddedNode started = node.get();
        if (started == null) {
            throw new StorageException(Failure.UNAVAILABLE, "the server is starting");
        }
        return started;
    }

    boolean isStarted() {
        return node.get() != null;
    }
}
