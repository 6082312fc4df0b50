package io.tarn.core.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tarn.client.Credential;
import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Usage;
import io.tarn.client.User;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.core.kv.MemoryStore;
import io.tarn.core.shard.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ControlClientTest {
    private static final VolumeSettings PLAIN = VolumeSettings.DEFAULT;

    private final SecretSeal seal = new SecretSeal(new byte[SecretSeal.KEY_BYTES]);
    private final MemoryRoots roots = new MemoryRoots();
    private final MemoryStore store = new MemoryStore(List.of(ControlKeys.FAMILY));
    private DirectShard shard;
    private ControlClient control;

    @BeforeEach
    void start() {
        final ControlView view = new ControlView(seal);
        shard = new DirectShard(new ControlState(view), store);
        control = new ControlClient(shard, view, seal, roots, List.of(1));
        control.start();
        control.ensureRoot("rootkey", "rootsecret");
    }

    @AfterEach
    void stop() {
        assertThat(control.check()).isEmpty();
        control.close();
    }

    @Test
    void theFirstKeyStandsForTheRootUser() {
        final Credential root = control.credential("rootkey").orElseThrow();
        assertThat(root.secret()).isEqualTo("rootsecret");
        assertThat(root.principal()).isEqualTo(new Principal("root", "root", 0, 0, List.of(), true));
    }

    @Test
    void anotherFirstKeyIsAddedAndTheSameTakesANewSecret() {
        control.ensureRoot("rootkey", "othersecret");
        control.ensureRoot("second", "secondsecret");
        assertThat(control.credential("rootkey"))
                .get()
                .extracting(Credential::secret)
                .isEqualTo("othersecret");
        assertThat(control.keys("root", "root")).extracting("id").containsExactly("rootkey", "second");
    }

    @Test
    void uidsAreGivenInTurnPerTenantAndNeverTwice() {
        control.createTenant("a", Quota.NONE);
        control.createTenant("b", Quota.NONE);
        assertThat(user("a", "one").uid()).isEqualTo(1000);
        control.createUser("a", "fixed", Optional.of(1001), Optional.of(7), List.of(8, 9));
        assertThat(user("a", "two").uid()).isEqualTo(1002);
        assertThat(user("b", "one").uid()).isEqualTo(1000);
        failsWith(Failure.ALREADY_EXISTS, () -> control.setUserIds("a", "two", 1000, 1, List.of()));
        assertThat(control.setUserIds("a", "two", 50, 60, List.of(1)).gid()).isEqualTo(60);
        assertThat(control.users("a")).extracting(User::name).containsExactly("fixed", "one", "two");
    }

    @Test
    void whatIsInUseIsNotDeleted() {
        control.createTenant("a", Quota.NONE);
        user("a", "one");
        failsWith(Failure.NOT_EMPTY, () -> control.deleteTenant("a"));
        control.createVolume("vol", principal("a", "one"), PLAIN);
        failsWith(Failure.NOT_EMPTY, () -> control.deleteUser("a", "one"));
        control.deleteVolume("vol");
        control.deleteUser("a", "one");
        control.deleteTenant("a");
        assertThat(control.tenant("a")).isEmpty();
        failsWith(Failure.NOT_FOUND, () -> control.users("a"));
    }

    @Test
    void keysFollowTheirUser() {
        control.createTenant("a", Quota.NONE);
        user("a", "one");
        final Credential made = control.createKey("a", "one", Optional.empty(), Optional.empty());
        assertThat(control.credential(made.key().id())).contains(made);
        control.setUserIds("a", "one", 5, 6, List.of(7));
        assertThat(control.credential(made.key().id()).orElseThrow().principal().groups())
                .containsExactly(7);
        control.setKeyEnabled(made.key().id(), false);
        assertThat(control.credential(made.key().id())).isEmpty();
        assertThat(control.key(made.key().id())).isPresent();
        control.setKeyEnabled(made.key().id(), true);
        assertThat(control.credential(made.key().id())).isPresent();
        control.deleteUser("a", "one");
        assertThat(control.credential(made.key().id())).isEmpty();
        assertThat(control.key(made.key().id())).isEmpty();
    }

    @Test
    void aKeyOfAnotherUserIsNotTakenOver() {
        control.createTenant("a", Quota.NONE);
        user("a", "one");
        failsWith(
                Failure.ALREADY_EXISTS,
                () -> control.createKey("a", "one", Optional.of("rootkey"), Optional.of("longenough")));
    }

    @Test
    void secretsAreNowhereInTheLogOrTheStore() {
        control.createKey("root", "root", Optional.of("visible"), Optional.of("very-secret-secret"));
        for (final LogEntry entry : shard.entries()) {
            assertThat(latin1(entry.commands().getFirst())).doesNotContain("very-secret-secret");
        }
        assertThat(latin1(store.dump())).contains("visible").doesNotContain("very-secret-secret");
    }

    @Test
    void volumesBelongToTheClusterAndTheirPolicyReachesTheShard() {
        final Principal root = principal("root", "root");
        final Volume made = control.createVolume(
                "data", root, new VolumeSettings(new Quota(10, 20), Versioning.OFF, Map.of("s3.acl", "private")));
        assertThat(control.volume("data")).contains(made);
        assertThat(made.rootInode()).isEqualTo(1_000 + made.id());
        failsWith(Failure.ALREADY_EXISTS, () -> control.createVolume("data", root, PLAIN));
        final Volume changed = control.changeVolume("data", VolumeChange.ofVersioning(Versioning.ENABLED));
        assertThat(changed.versioning()).isEqualTo(Versioning.ENABLED);
        assertThat(changed.quota()).isEqualTo(new Quota(10, 20));
        assertThat(roots.policies.get(made.id()).versioning()).isEqualTo(Versioning.ENABLED);
        control.setTenantQuota("root", new Quota(100, 100));
        assertThat(roots.policies.get(made.id()).tenantQuota()).isEqualTo(new Quota(100, 100));
        failsWith(
                Failure.INVALID_ARGUMENT,
                () -> control.changeVolume("data", VolumeChange.ofVersioning(Versioning.OFF)));
        control.changeVolume("data", VolumeChange.ofAttribute("s3.acl", Optional.empty()));
        assertThat(control.volume("data").orElseThrow().attributes()).isEmpty();
    }

    @Test
    void aVolumeWithEntriesStaysWholeWhenItsDeletionIsRefused() {
        final Volume made = control.createVolume("data", principal("root", "root"), PLAIN);
        roots.usages.put(made.id(), new Usage(5, 1));
        failsWith(Failure.NOT_EMPTY, () -> control.deleteVolume("data"));
        assertThat(control.volume("data")).contains(made);
        assertThat(control.tenantUsage("root")).isEqualTo(new Usage(5, 1));
        control.changeVolume("data", VolumeChange.ofQuota(Quota.NONE));
    }

    @Test
    void aCreationCutShortIsInvisibleAndIsCompletedByRestartOrRetry() {
        final Principal root = principal("root", "root");
        for (final boolean afterEffect : List.of(false, true)) {
            final String name = "cut-" + afterEffect;
            roots.failNext(afterEffect);
            failsWith(Failure.UNAVAILABLE, () -> control.createVolume(name, root, PLAIN));
            assertThat(control.volume(name)).isEmpty();
            assertThat(control.volumes(Optional.empty())).isEmpty();
            restart();
            assertThat(control.volume(name)).isPresent();
            control.deleteVolume(name);
            roots.failNext(afterEffect);
            failsWith(Failure.UNAVAILABLE, () -> control.createVolume(name, root, PLAIN));
            assertThat(control.createVolume(name, root, PLAIN))
                    .isEqualTo(control.volume(name).orElseThrow());
            control.deleteVolume(name);
        }
    }

    @Test
    void aDeletionCutShortIsCompletedByRestart() {
        for (final boolean afterEffect : List.of(false, true)) {
            control.createVolume("data", principal("root", "root"), PLAIN);
            roots.failNext(afterEffect);
            failsWith(Failure.UNAVAILABLE, () -> control.deleteVolume("data"));
            restart();
            assertThat(control.volume("data")).isEmpty();
            assertThat(roots.policies).isEmpty();
        }
    }

    @Test
    void aPolicyThatDidNotReachTheShardIsBroughtAfterARestart() {
        final Volume made = control.createVolume("data", principal("root", "root"), PLAIN);
        roots.failNext(false);
        failsWith(Failure.UNAVAILABLE, () -> control.changeVolume("data", VolumeChange.ofQuota(new Quota(1, 1))));
        roots.failNext(false);
        failsWith(Failure.UNAVAILABLE, () -> control.setTenantQuota("root", new Quota(9, 9)));
        restart();
        assertThat(roots.policies.get(made.id()).quota()).isEqualTo(new Quota(1, 1));
        assertThat(roots.policies.get(made.id()).tenantQuota()).isEqualTo(new Quota(9, 9));
    }

    @Test
    void aLostReplyIsAskedForAgainAndTheCommandIsNotRepeated() {
        shard.loseReplies(2);
        control.createTenant("once", Quota.NONE);
        assertThat(control.tenants()).extracting("name").containsExactly("once", "root");
    }

    @Test
    void aSessionThatExpiredIsReplacedUnnoticed() {
        final long first = 1;
        final long second = 2;
        shard.advance(ControlSession.TTL.toNanos() + 1);
        shard.propose(ControlCommands.open()).join();
        shard.propose(ControlCommands.expire(second, first)).join();
        assertThat(control.createTenant("later", Quota.NONE).name()).isEqualTo("later");
    }

    @Test
    void theViewLoadedFromTheStoreIsTheViewThatFollowedTheLog() {
        control.createVolume("data", principal("root", "root"), PLAIN);
        final Optional<Credential> credential = control.credential("rootkey");
        final Optional<Volume> volume = control.volume("data");
        restart();
        assertThat(control.credential("rootkey")).isEqualTo(credential);
        assertThat(control.volume("data")).isEqualTo(volume);
    }

    @Test
    void aReplayOfTheLogGivesTheSameStore() {
        control.createTenant("a", new Quota(1, 2));
        user("a", "one");
        control.createVolume("data", principal("a", "one"), PLAIN);
        control.changeVolume("data", VolumeChange.ofAttribute("s3.tags", Optional.of("x")));
        final MemoryStore replayed = new MemoryStore(List.of(ControlKeys.FAMILY));
        final ControlState state = new ControlState(new ControlView(seal));
        shard.entries().forEach(entry -> DirectShard.applyTo(state, replayed, entry));
        assertThat(replayed.dump()).isEqualTo(store.dump());
    }

    @Test
    void namesThatBreakTheRulesAreRefused() {
        final Principal root = principal("root", "root");
        for (final String name :
                List.of("ab", "Upper", "a..b", "-ab", "ab-", "1.2.3.4", "xn--abc", "a_b", "a".repeat(64))) {
            failsWith(Failure.INVALID_ARGUMENT, () -> control.createVolume(name, root, PLAIN));
        }
        for (final String name : List.of("", "A", "a/b", "_a", "a".repeat(64))) {
            failsWith(Failure.INVALID_ARGUMENT, () -> control.createTenant(name, Quota.NONE));
        }
    }

    private void restart() {
        control.close();
        final ControlView view = new ControlView(seal);
        shard = new DirectShard(new ControlState(view), store);
        control = new ControlClient(shard, view, seal, roots, List.of(1));
        control.start();
    }

    private User user(final String tenant, final String name) {
        return control.createUser(tenant, name, Optional.empty(), Optional.empty(), List.of());
    }

    private static Principal principal(final String tenant, final String user) {
        return new Principal(tenant, user, 0, 0, List.of(), tenant.equals("root"));
    }

    private static String latin1(final byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static void failsWith(final Failure failure, final ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOfSatisfying(StorageException.class, e -> assertThat(e.failure())
                .isEqualTo(failure));
    }
}
