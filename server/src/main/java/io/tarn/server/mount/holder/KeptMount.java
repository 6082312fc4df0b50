package io.tarn.server.mount.holder;

import io.tarn.posix.linux.Descriptor;
import io.tarn.server.mount.control.Message;
import io.tarn.server.mount.control.MountDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A mount that is kept, from the wish for it to its end. Fields that change are guarded by {@link KeptMounts}.
 */
final class KeptMount {
    private final String id;
    private final MountDescription description;
    private final CompletableFuture<Message> prepared = new CompletableFuture<>();
    private final CompletableFuture<Message> serving = new CompletableFuture<>();
    private final CompletableFuture<Message> ended = new CompletableFuture<>();

    /** The connection to the kernel, once it is mounted. */
    Optional<Descriptor> device = Optional.empty();

    /** What was agreed with the kernel, once it is served. */
    Optional<String> parameters = Optional.empty();

    /** The newest that was heard of. */
    Optional<String> token = Optional.empty();

    /** What a worker wants its successor to have. */
    final List<Descriptor> further = new ArrayList<>();

    KeptMount(final String id, final MountDescription description) {
        this.id = id;
        this.description = description;
    }

    String id() {
        return id;
    }

    MountDescription description() {
        return description;
    }

    /** Completed with PREPARED or FAILED. */
    CompletableFuture<Message> prepared() {
        return prepared;
    }

    /** Completed with SERVING or FAILED. */
    CompletableFuture<Message> serving() {
        return serving;
    }

    /** Completed when it is not kept any more. */
    CompletableFuture<Message> ended() {
        return ended;
    }

    void closeDescriptors() {
        device.ifPresent(Descriptor::close);
        further.forEach(Descriptor::close);
        device = Optional.empty();
        further.clear();
    }

    @Override
    public String toString() {
        return description.toString();
    }
}
