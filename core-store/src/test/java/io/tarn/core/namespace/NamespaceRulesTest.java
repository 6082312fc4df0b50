package io.tarn.core.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.tarn.client.Key;
import io.tarn.client.ObjectInfo;
import io.tarn.client.ObjectMeta;
import io.tarn.client.ObjectStore.CommonPrefix;
import io.tarn.client.ObjectStore.Found;
import io.tarn.client.Precondition;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.namespace.wire.NewContent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The rules that gateways rely on, one by one. */
final class NamespaceRulesTest {
    private static final int ALL = 1_000;

    private final NamespaceFixture namespace = new NamespaceFixture();

    @AfterEach
    void theStateIsSound() {
        assertThat(new NamespaceAudit(namespace.store).run()).isEmpty();
    }

    private List<String> list(final String prefix, final String delimiter) {
        return namespace
                .queries()
                .list(NamespaceFixture.VOLUME, Key.of(prefix), Key.of(delimiter), Key.EMPTY, ALL)
                .entries()
                .stream()
                .map(entry -> entry.key() + (entry instanceof CommonPrefix ? " …" : ""))
                .toList();
    }

    private List<String> versions() {
        return namespace
                .queries()
                .listVersions(NamespaceFixture.VOLUME, Key.EMPTY, Key.EMPTY, Key.EMPTY, Optional.empty(), ALL)
                .entries()
                .stream()
                .map(entry -> describe(((Found) entry).info()))
                .toList();
    }

    private static String describe(final ObjectInfo info) {
        return info.key()
                + (info.deleteMarker() ? " deleted" : " " + info.etag())
                + (info.version().equals("null") ? " null" : "")
                + (info.latest() ? " latest" : "");
    }

    private Optional<String> current(final String key) {
        return namespace.find(key, Optional.empty()).map(NamespaceRulesTest::describe);
    }

    @Test
    void anImpliedDirectoryVanishesWithItsLastKey() {
        namespace.put("a/b/c", "1");
        assertThat(namespace.usage()).isEqualTo(new Usage(1, 3));
        namespace.delete("a/b/c");
        assertThat(namespace.usage()).isEqualTo(new Usage(0, 0));
        namespace.drop();
    }

    @Test
    void aFileStandsBesideADirectoryOfTheSameName() {
        namespace.put("a", "1");
        namespace.put("a/b", "2");
        namespace.put("a/", "3");
        assertThat(list("", "")).containsExactly("a", "a/", "a/b");
        namespace.delete("a");
        assertThat(list("", "")).containsExactly("a/", "a/b");
    }

    @Test
    void keysAreListedInByteOrderThoughTheyLieInATree() {
        for (final String key : List.of("foo0", "foo/x", "foo+", "foo", "foo/", "foo//", "\ud83d\ude00", "\uffee")) {
            namespace.put(key, "1");
        }
        assertThat(list("", ""))
                .containsExactly("foo", "foo+", "foo/", "foo//", "foo/x", "foo0", "\uffee", "\ud83d\ude00");
        assertThat(list("", "/")).containsExactly("foo", "foo+", "foo/ …", "foo0", "\uffee", "\ud83d\ude00");
    }

    @Test
    void aDirectoryThatWasMadeShowsAsAnEmptyObjectAndOutlivesItsKeys() {
        namespace.makeDirectory("dir");
        assertThat(list("", "")).containsExactly("dir/");
        namespace.put("dir/x", "1");
        namespace.delete("dir/x");
        assertThat(list("", "")).containsExactly("dir/");
        assertThat(namespace.find("dir/", Optional.empty()).orElseThrow().size())
                .isZero();
    }

    @Test
    void deletingTheKeyOfADirectoryThatWasMadeUndoesIt() {
        namespace.makeDirectory("dir");
        namespace.delete("dir/");
        assertThat(list("", "")).isEmpty();
        namespace.drop();
    }

    @Test
    void deletingAnObjectThatStandsForADirectoryUndoesTheDirectoryToo() {
        namespace.makeDirectory("dir");
        namespace.put("dir/", "1");
        namespace.delete("dir/");
        assertThat(current("dir/")).isEmpty();
        namespace.drop();
    }

    @Test
    void deletingADirectoryAsTheNullVersionThatListingsShowUndoesIt() {
        namespace.versioning(Versioning.ENABLED);
        namespace.makeDirectory("dir");
        assertThat(versions()).containsExactly("dir/ d41d8cd98f00b204e9800998ecf8427e null latest");
        namespace.delete("dir/", "null");
        assertThat(versions()).isEmpty();
        namespace.drop();
    }

    @Test
    void aPageOfVersionsThatEndsAtADirectoryIsFollowedByWhatComesAfterIt() {
        namespace.versioning(Versioning.ENABLED);
        namespace.makeDirectory("dir");
        assertThat(namespace
                        .queries()
                        .listVersions(
                                NamespaceFixture.VOLUME, Key.EMPTY, Key.EMPTY, Key.of("dir/"), Optional.of("null"), 1)
                        .entries())
                .isEmpty();
    }

    @Test
    void aDeleteMarkerHidesTheDirectoryAndTheNextKeyShowsItAgain() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("a/b/c", "1");
        namespace.delete("a/b/c");
        assertThat(list("", "/")).isEmpty();
        assertThat(versions()).containsExactly("a/b/c deleted latest", "a/b/c 1");
        namespace.put("a/b/d", "2");
        assertThat(list("", "/")).containsExactly("a/ …");
    }

    @Test
    void deletingTheMarkerBringsTheObjectBack() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("a/b", "1");
        namespace.delete("a/b");
        namespace.delete(
                "a/b", namespace.find("a/b", Optional.empty()).orElseThrow().version());
        assertThat(current("a/b")).contains("a/b 1 latest");
        assertThat(list("", "/")).containsExactly("a/ …");
    }

    /** docs.aws.amazon.com/AmazonS3/latest/userguide/AddingObjectstoVersioningSuspendedBuckets.html */
    @Test
    void whileVersioningIsSuspendedAPutReplacesTheNullVersionAndNoOther() {
        namespace.put("k", "before");
        namespace.versioning(Versioning.ENABLED);
        namespace.put("k", "kept");
        namespace.versioning(Versioning.SUSPENDED);
        namespace.put("k", "first");
        namespace.put("k", "second");
        assertThat(versions()).containsExactly("k second null latest", "k kept");
        namespace.versioning(Versioning.ENABLED);
        namespace.put("k", "third");
        assertThat(versions()).containsExactly("k third latest", "k second null", "k kept");
    }

    /** docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectsfromVersioningSuspendedBuckets.html */
    @Test
    void whileVersioningIsSuspendedADeleteReplacesTheNullVersionByANullMarker() {
        namespace.put("k", "before");
        namespace.versioning(Versioning.ENABLED);
        namespace.put("k", "kept");
        namespace.versioning(Versioning.SUSPENDED);
        namespace.delete("k");
        assertThat(versions()).containsExactly("k deleted null latest", "k kept");
        namespace.delete("k", "null");
        assertThat(versions()).containsExactly("k kept latest");
    }

    @Test
    void versioningCannotBeTakenBack() {
        namespace.versioning(Versioning.ENABLED);
        assertThatThrownBy(() -> namespace.versioning(Versioning.OFF))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(Failure.INVALID_ARGUMENT));
    }

    @Test
    void ofTwoThatCreateOnlyOneSucceeds() {
        final Precondition absent =
                new Precondition(List.of(), List.of("*"), OptionalLong.empty(), OptionalLong.empty());
        namespace.put("k", "first", absent);
        assertThatThrownBy(() -> namespace.put("k", "second", absent))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(Failure.PRECONDITION_FAILED));
        assertThat(current("k")).contains("k first null latest");
    }

    @Test
    void aFullVolumeCanBeOverwrittenButNotGrow() {
        namespace.put("k", "full");
        namespace.apply(NamespaceCommands.setVolumePolicy(NamespaceFixture.VOLUME, new Quota(4, 1), Versioning.OFF));
        namespace.put("k", "4444");
        assertThatThrownBy(() -> namespace.put("k", "55555"))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.failure())
                        .isEqualTo(Failure.QUOTA_EXCEEDED));
        assertThat(current("k")).contains("k 4444 null latest");
    }

    @Test
    void aListingOfVersionsGoesOnWhenItsMarkerIsDeletedMeanwhile() {
        namespace.versioning(Versioning.ENABLED);
        namespace.put("k", "old");
        namespace.put("k", "middle");
        namespace.put("k", "new");
        final String marker =
                namespace.find("k", Optional.empty()).orElseThrow().version();
        namespace.delete("k", marker);
        assertThat(namespace
                        .queries()
                        .listVersions(
                                NamespaceFixture.VOLUME, Key.EMPTY, Key.EMPTY, Key.of("k"), Optional.of(marker), ALL)
                        .entries())
                .hasSize(2);
    }

    @Test
    void anEmptyObjectHasNoContentAndSharesNone() {
        namespace.apply(NamespaceCommands.putObject(
                NamespaceFixture.VOLUME,
                Key.of("k"),
                NamespaceFixture.OWNER,
                NewContent.newBuilder().setInlineData(ByteString.EMPTY).build(),
                "",
                ObjectMeta.NONE,
                Precondition.NONE));
        assertThat(namespace.find("k", Optional.empty()).orElseThrow().size()).isZero();
    }
}
