package io.tarn.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Versioning;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A volume whose directories lie in three shards is one tree to everybody. */
class AcrossShardsTest {
    private final SeveralShards shards = new SeveralShards(Versioning.OFF);

    @AfterEach
    void allIsSoundAndNothingIsHeld() {
        assertThat(shards.quiet()).isTrue();
        shards.sweep();
        assertThat(shards.findings()).isEmpty();
    }

    private static void assertFails(final Failure failure, final ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, failed -> assertThat(failed.failure())
                .isEqualTo(failure));
    }

    @Test
    void aDirectoryLivesWhereItIsPlacedAndItsFilesBesideIt() {
        final long there = shards.directory(shards.root, "there", 2);
        assertThat(SeveralShards.shardOf(there)).isEqualTo(2);
        final long inode = shards.put("there/deep/er/object", "bytes").inode();
        assertThat(SeveralShards.shardOf(inode)).isEqualTo(2);
        assertThat(shards.get("there/deep/er/object")).contains("bytes");
    }

    @Test
    void whatHappensInADirectoryOfAnotherShardIsOneCommitThere() {
        final long there = shards.directory(shards.root, "there", 2);
        final long before = shards.transactions();
        shards.put("there/deep/er/object", "bytes");
        shards.put("there/deep/er/object", "others");
        shards.file(there, "file");
        shards.rename(there, "file", there, "renamed");
        shards.unlink(there, "renamed");
        shards.delete("there/deep/er/object");
        assertThat(shards.transactions()).isEqualTo(before);
    }

    @Test
    void aListingGoesThroughAllShardsInTheOrderOfKeys() {
        shards.directory(shards.root, "b", 2);
        final long c = shards.directory(shards.root, "c", 3);
        shards.directory(c, "back", 1);
        shards.put("a", "1");
        shards.put("b/x", "2");
        shards.put("c/back/y", "3");
        shards.put("c/z", "4");
        shards.put("d", "5");
        assertThat(shards.list()).containsExactly("a", "b/", "b/x", "c/", "c/back/", "c/back/y", "c/z", "d");
    }

    @Test
    void aFileMovesToADirectoryOfAnotherShardAndKeepsItsIdentity() {
        final long two = shards.directory(shards.root, "two", 2);
        final long inode = shards.put("file", "bytes").inode();
        shards.rename(shards.root, "file", two, "moved");
        assertThat(shards.get("file")).isEmpty();
        assertThat(shards.get("two/moved")).contains("bytes");
        assertThat(shards.put("two/other", "x").inode()).isNotEqualTo(inode);
        shards.rename(two, "moved", shards.root, "home");
        assertThat(shards.get("home")).contains("bytes");
    }

    @Test
    void whatARenameReplacesInAnotherShardIsGivenBackThere() {
        final long two = shards.directory(shards.root, "two", 2);
        shards.put("two/target", "long gone");
        shards.put("file", "new");
        shards.rename(shards.root, "file", two, "target");
        assertThat(shards.get("two/target")).contains("new");
        shards.put("two/target", "over a file of another shard");
        assertThat(shards.get("two/target")).contains("over a file of another shard");
        shards.sweep();
        assertThat(shards.usage().inodes()).isEqualTo(2);
        assertThat(shards.usage().bytes()).isEqualTo("over a file of another shard".length());
    }

    @Test
    void aDirectoryMovesWithAllThatIsInIt() {
        final long two = shards.directory(shards.root, "two", 2);
        final long three = shards.directory(two, "three", 3);
        shards.directory(three, "one", 1);
        shards.put("two/three/one/object", "bytes");
        shards.rename(two, "three", shards.root, "top");
        assertThat(shards.list()).containsExactly("top/", "top/one/", "top/one/object", "two/");
    }

    @Test
    void aDirectoryDoesNotMoveBelowItselfThroughOtherShards() {
        final long two = shards.directory(shards.root, "two", 2);
        final long three = shards.directory(two, "three", 3);
        final long one = shards.directory(three, "one", 1);
        assertFails(Failure.LOOP, () -> shards.rename(shards.root, "two", one, "below"));
        assertThat(shards.list()).containsExactly("two/", "two/three/", "two/three/one/");
    }

    @Test
    void whoKnowsOfOneShardOnlyIsToldToTryAgainWhatACommitHolds() {
        final long two = shards.directory(shards.root, "two", 2);
        shards.file(two, "held");
        shards.put("file", "bytes");
        // The rename is tried in one shard, then the other lends its rows; before the decision the client dies.
        shards.dieAt(2, false);
        assertThatThrownBy(() -> shards.rename(shards.root, "file", two, "moved"))
                .isInstanceOf(SeveralShards.Died.class);
        shards.connect();
        assertFails(Failure.UNAVAILABLE, () -> shards.renameWithin(two, "held", "other"));
        shards.sweep();
        shards.renameWithin(two, "held", "other");
        assertThat(shards.list()).containsExactly("file", "two/", "two/other");
    }

    @Test
    void onlyAnEmptyDirectoryOfAnotherShardIsRemoved() {
        final long two = shards.directory(shards.root, "two", 2);
        final long file = shards.file(two, "file");
        assertFails(Failure.NOT_EMPTY, () -> shards.removeDirectory(shards.root, "two"));
        shards.unlink(two, "file");
        shards.removeDirectory(shards.root, "two");
        assertThat(shards.list()).isEmpty();
        assertThat(file).isNotZero();
        assertThat(shards.usage().inodes()).isZero();
    }

    @Test
    void aNameThatIsTakenIsRefusedAndTheIdSetAsideIsForgotten() {
        shards.directory(shards.root, "two", 2);
        assertFails(Failure.ALREADY_EXISTS, () -> shards.directory(shards.root, "two", 3));
    }

    @Test
    void linksAndExchangesJoinShards() {
        final long two = shards.directory(shards.root, "two", 2);
        final long three = shards.directory(shards.root, "three", 3);
        final long file = shards.file(two, "file");
        shards.link(file, three, "also");
        shards.unlink(two, "file");
        shards.exchange(shards.root, "two", three, "also");
        assertThat(shards.list()).containsExactly("three/", "three/also/", "two");
        shards.unlink(shards.root, "two");
        shards.sweep();
        assertThat(shards.usage().inodes()).isEqualTo(2);
    }

    @Test
    void anImpliedDirectoryGoesWithItsLastObjectAlthoughItsParentIsElsewhere() {
        final long two = shards.directory(shards.root, "two", 2);
        shards.put("two/implied/object", "bytes");
        shards.rename(two, "implied", shards.root, "implied");
        shards.delete("implied/object");
        assertThat(shards.list()).containsExactly("two/");
    }
}
