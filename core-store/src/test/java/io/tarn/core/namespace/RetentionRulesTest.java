package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.Precondition;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.extent.ExtentId;
import io.tarn.core.namespace.wire.AllocatedReply;
import io.tarn.core.namespace.wire.Command;
import io.tarn.core.namespace.wire.NewContent;
import io.tarn.core.namespace.wire.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that are forgotten in time, bytes that stay with their volume, and attributes that stay with their key. */
final class RetentionRulesTest {
    private static final long OTHER = 2;

    private final NamespaceFixture namespace = new NamespaceFixture();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private static void assertFails(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                .isEqualTo(failure));
    }

    private Upload completed(final String key) {
        final long id = namespace
                .apply(NamespaceCommands.createUpload(
                        NamespaceFixture.VOLUME,
                        Key.of(key),
                        NamespaceFixture.OWNER,
                        ObjectMeta.NONE,
                        Optional.empty()))
                .getId()
                .getId();
        final Upload upload = new Upload(
                NamespaceFixture.VOLUME,
                Key.of(key),
                NamespaceCommands.uploadId(id),
                "tenant/user",
                0,
                ObjectMeta.NONE,
                Optional.empty());
        complete(upload);
        return upload;
    }

    private void complete(final Upload upload) {
        namespace.apply(
                NamespaceCommands.completeUpload(upload, List.of(), "etag", Optional.empty(), Precondition.NONE));
    }

    private boolean forget(final long before) {
        return namespace
                .apply(NamespaceCommands.forgetUploads(before))
                .getProgress()
                .getMore();
    }

    @Test
    void aCompletionIsAnsweredAgainUntilItIsForgotten() {
        final Upload first = completed("a");
        final long time =
                new UpkeepQueries(namespace.store).oldestCompletionNanos().orElseThrow();
        final Upload second = completed("b");
        complete(first);
        assertThat(namespace.queries().upload(first.volume(), first.key(), first.id()))
                .isEmpty();
        assertThat(forget(time + 1)).isFalse();
        assertFails(Failure.NOT_FOUND, () -> complete(first));
        complete(second);
        assertThat(new UpkeepQueries(namespace.store).oldestCompletionNanos()).isPresent();
        assertThat(forget(Long.MAX_VALUE)).isFalse();
        assertThat(new UpkeepQueries(namespace.store).oldestCompletionNanos()).isEmpty();
    }

    @Test
    void oneCommandForgetsABoundedNumber() {
        final List<Upload> uploads = new ArrayList<>();
        for (int i = 0; i <= UploadCommands.FORGET_MAX; i++) {
            uploads.add(completed("k"));
        }
        assertThat(forget(Long.MAX_VALUE)).isTrue();
        complete(uploads.getLast());
        assertThat(forget(Long.MAX_VALUE)).isFalse();
        assertFails(Failure.NOT_FOUND, () -> complete(uploads.getLast()));
    }

    @Test
    void answersThatAreKeptDoNotKeepTheirVolume() {
        completed("a");
        namespace.delete("a");
        namespace.drop();
        assertThat(forget(Long.MAX_VALUE)).isFalse();
        assertThat(FamilyRows.any(namespace.store, Families.COMPLETED, new byte[0]))
                .isFalse();
    }

    @Test
    void attributesAreSetByAKeyThatNamesTheObject() {
        namespace.put("a", "1");
        namespace.put("b", "2");
        final ObjectInfo a = namespace.find("a", Optional.empty()).orElseThrow();
        final ObjectInfo b = namespace.find("b", Optional.empty()).orElseThrow();
        final Command.Builder mixed = NamespaceCommands.setAttributes(a, ObjectMeta.NONE);
        mixed.getSetObjectAttributesBuilder().setInode(b.inode()).setExpectedGeneration(b.generation());
        assertFails(Failure.CONFLICT, () -> namespace.apply(mixed));
        namespace.apply(NamespaceCommands.setAttributes(a, ObjectMeta.NONE));
    }

    @Test
    void attributesOfAnOldVersionAreSetByItsKey() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("a", "1");
        final String version =
                namespace.find("a", Optional.empty()).orElseThrow().version();
        namespace.put("a", "2");
        final ObjectInfo old = namespace.find("a", Optional.of(version)).orElseThrow();
        namespace.apply(NamespaceCommands.setAttributes(old, ObjectMeta.NONE));
    }

    private NewContent written() {
        final AllocatedReply extent = namespace
                .apply(ExtentProposals.allocate(NamespaceFixture.VOLUME))
                .getAllocated();
        return NewContent.newBuilder()
                .setLength(100)
                .addSlices(Slice.newBuilder()
                        .setExtent(extent.getExtent())
                        .setBlockOffset(4096)
                        .setBlockLength(100)
                        .setLength(100))
                .build();
    }

    private void put(final long volume, final String key, final NewContent content) {
        namespace.apply(NamespaceCommands.putObject(
                volume, Key.of(key), NamespaceFixture.OWNER, content, "etag", ObjectMeta.NONE, Precondition.NONE));
    }

    private NewContent cloneOf(final String key) {
        final long inode = namespace.find(key, Optional.empty()).orElseThrow().inode();
        return NewContent.newBuilder()
                .setCloneInode(inode)
                .setCloneContentGeneration(
                        namespace.queries().contentGeneration(inode).orElseThrow())
                .setLength(100)
                .build();
    }

    @Test
    void bytesAreSharedWithinTheirVolumeOnly() {
        namespace.apply(NamespaceCommands.createRoot(OTHER, "tenant", 1, 1, Quota.NONE, Versioning.OFF));
        put(NamespaceFixture.VOLUME, "source", written());
        put(NamespaceFixture.VOLUME, "copy", cloneOf("source"));
        assertFails(Failure.CROSS_VOLUME, () -> put(OTHER, "copy", cloneOf("source")));
    }

    @Test
    void theAuditFindsASliceInAnExtentOfAnotherVolume() {
        put(NamespaceFixture.VOLUME, "source", written());
        final long extent = new ExtentQueries(namespace.store)
                .extents(new ExtentId(0), 1)
                .getFirst()
                .id()
                .value();
        final byte[] before =
                namespace.store.get(Families.EXTENT, Keys.of(extent)).orElseThrow();
        final byte[] stolen = Records.extent(namespace.store, extent).orElseThrow().toBuilder()
                .setVolume(OTHER)
                .build()
                .toByteArray();
        namespace.store.write(changes -> changes.put(Families.EXTENT, Keys.of(extent), stolen));
        assertThat(new NamespaceAudit(namespace.store).run())
                .anyMatch(finding -> finding.what().contains("which belongs to volume 2"));
        namespace.store.write(changes -> changes.put(Families.EXTENT, Keys.of(extent), before));
    }
}
