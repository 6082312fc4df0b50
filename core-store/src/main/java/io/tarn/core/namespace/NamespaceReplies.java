package io.tarn.core.namespace;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectStore.Deleted;
import io.tarn.client.ObjectStore.Part;
import io.tarn.core.namespace.wire.DeletedReply;
import io.tarn.core.namespace.wire.ObjectReply;
import io.tarn.core.namespace.wire.PartRecord;
import io.tarn.core.namespace.wire.Reply;
import java.util.Optional;

/** What clients make of replies. */
public final class NamespaceReplies {
    private NamespaceReplies() {}

    public static Reply of(final byte[] reply) {
        return Records.parse(Reply.parser(), reply);
    }

    /**
     * The reply of a command that succeeded.
     *
     * @throws io.tarn.core.StorageException the failure of one that did not
     * @throws RowsElsewhere when the shard cannot carry it out alone
     * @throws RowsHeld when a commit between shards is in the way
     */
    public static Reply unwrap(final Reply reply) {
        return Replies.unwrap(reply);
    }

    public static ObjectInfo object(final long volume, final ObjectReply reply) {
        return ObjectInfos.of(
                volume,
                Key.of(reply.getKey().toByteArray()),
                reply.getInode(),
                reply.getAttributes(),
                reply.getVersioned(),
                true);
    }

    public static Deleted deleted(final DeletedReply reply) {
        return new Deleted(
                reply.getDeleteMarker(),
                reply.getVersion().isEmpty() ? Optional.empty() : Optional.of(reply.getVersion()));
    }

    public static Part part(final int number, final PartRecord record) {
        return Uploads.part(number, record);
    }
}
