package io.tarn.s3.object;

import io.tarn.client.ObjectStore;
import io.tarn.client.ObjectStore.Deleted;
import io.tarn.client.Precondition;
import io.tarn.client.Volume;
import io.tarn.core.StorageException;
import io.tarn.s3.acl.Access;
import io.tarn.s3.acl.Permission;
import io.tarn.s3.bucket.Buckets;
import io.tarn.s3.call.Call;
import io.tarn.s3.call.FailureMapping;
import io.tarn.s3.call.Handler;
import io.tarn.s3.call.Reply;
import io.tarn.s3.call.Times;
import io.tarn.s3.error.S3ErrorCode;
import io.tarn.s3.error.S3Exception;
import io.tarn.s3.payload.Documents;
import io.tarn.s3.request.VersionIds;
import io.tarn.s3.xml.DeleteRequest;
import io.tarn.s3.xml.DeleteRequest.ObjectId;
import io.tarn.s3.xml.XmlWriter;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DeleteObjects. It wants a digest over its document, as on AWS: a damaged list would delete what nobody named. Each deletion is a commit of its own; up to {@link #LANES} are under way at once, so that they share the log's
 * flushes.
 */
public final class DeleteObjects implements Handler {
    private static final Logger LOG = LoggerFactory.getLogger(DeleteObjects.class);
    private static final int LANES = 32;

    private final Buckets buckets;
    private final ObjectStore objects;

    public DeleteObjects(final Buckets buckets, final ObjectStore objects) {
        this.buckets = buckets;
        this.objects = objects;
    }

    /** What became of one deletion. */
    private sealed interface Outcome {}

    private record Done(Deleted deleted) implements Outcome {}

    private record Refused(S3Exception error) implements Outcome {}

    @Override
    public Reply handle(final Call call) {
        Volume bucket = buckets.of(call);
        Access.require(call.caller(), bucket, Permission.WRITE);
        DeleteRequest request = DeleteRequest.parse(Documents.readGuarded(call, DeleteRequest.MAX_BODY_BYTES));
        Outcome[] outcomes = deleteAll(call, bucket, request.objects());
        var xml = new XmlWriter(256 + outcomes.length * 128).openRoot("DeleteResult");
        for (int i = 0; i < outcomes.length; i++) {
            ObjectId id = request.objects().get(i);
            switch (outcomes[i]) {
                case Done done -> {
                    if (!request.quiet()) {
                        deleted(xml, id, done.deleted());
                    }
                }
                case Refused refused -> refused(xml, id, refused.error());
            }
        }
        return Reply.xml(xml.close("DeleteResult"));
    }

    private Outcome[] deleteAll(final Call call, final Volume bucket, final List<ObjectId> ids) {
        var outcomes = new Outcome[ids.size()];
        int lanes = Math.min(LANES, ids.size());
        if (lanes == 1) {
            outcomes[0] = delete(call, bucket, ids.getFirst());
            return outcomes;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new Future<?>[lanes];
            for (int lane = 0; lane < lanes; lane++) {
                int first = lane;
                running[lane] = threads.submit(() -> {
                    for (int i = first; i < outcomes.length; i += lanes) {
                        outcomes[i] = delete(call, bucket, ids.get(i));
                    }
                });
            }
            for (Future<?> lane : running) {
                lane.get();
            }
        } catch (ExecutionException defect) {
            throw new IllegalStateException("a deletion failed unexpectedly", defect.getCause());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new S3Exception(S3ErrorCode.SERVICE_UNAVAILABLE, "The server is shutting down.", stopped);
        }
        return outcomes;
    }

    private Outcome delete(final Call call, final Volume bucket, final ObjectId id) {
        if (!id.versionId().map(VersionIds::isValid).orElse(true)) {
            return new Refused(new S3Exception(S3ErrorCode.NO_SUCH_VERSION, "Invalid version id specified"));
        }
        var precondition = new Precondition(
                id.etag().map(List::of).orElse(List.of()),
                List.of(),
                id.sizeBytes(),
                id.lastModified()
                        .map(time -> OptionalLong.of(Times.nanos(time)))
                        .orElse(OptionalLong.empty()));
        try {
            return new Done(DeleteObject.delete(objects, bucket, id.key(), id.versionId(), precondition));
        } catch (StorageException failure) {
            S3Exception error = FailureMapping.toS3(failure, call.request());
            if (error.httpStatus() >= 500) {
                LOG.warn("deleting {} of {} failed", id.key(), bucket.name(), failure);
            }
            return new Refused(error);
        }
    }

    private static void deleted(final XmlWriter xml, final ObjectId id, final Deleted deleted) {
        xml.open("Deleted").element("Key", id.key());
        id.versionId().ifPresent(version -> xml.element("VersionId", version));
        if (deleted.deleteMarker()) {
            xml.element("DeleteMarker", true);
            deleted.version().ifPresent(version -> xml.element("DeleteMarkerVersionId", version));
        }
        xml.close("Deleted");
    }

    private static void refused(final XmlWriter xml, final ObjectId id, final S3Exception error) {
        xml.open("Error").element("Key", id.key());
        id.versionId().ifPresent(version -> xml.element("VersionId", version));
        xml.element("Code", error.code().code())
                .element("Message", error.getMessage())
                .close("Error");
    }
}
