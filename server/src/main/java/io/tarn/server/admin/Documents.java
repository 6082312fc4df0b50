package io.tarn.server.admin;

import io.tarn.client.AccessKey;
import io.tarn.client.Credential;
import io.tarn.client.Quota;
import io.tarn.client.Tenant;
import io.tarn.client.Usage;
import io.tarn.client.User;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.core.keeper.WorkFigures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The JSON documents of the API. An absent limit is no limit; an absent field of a change leaves things as they are. */
final class Documents {
    private Documents() {}

    record Limits(Optional<Long> bytes, Optional<Long> inodes) {
        static Limits of(final Quota quota) {
            return new Limits(limit(quota.bytes()), limit(quota.inodes()));
        }

        Quota quota() {
            return new Quota(bytes.orElse(Quota.UNLIMITED), inodes.orElse(Quota.UNLIMITED));
        }

        private static Optional<Long> limit(final long value) {
            return value == Quota.UNLIMITED ? Optional.empty() : Optional.of(value);
        }
    }

    record TenantDocument(String name, Limits quota, Instant created, Optional<Usage> usage) {
        static TenantDocument of(final Tenant tenant, final Optional<Usage> usage) {
            return new TenantDocument(tenant.name(), Limits.of(tenant.quota()), time(tenant.createdNanos()), usage);
        }
    }

    record UserDocument(String tenant, String name, int uid, int gid, List<Integer> groups, Instant created) {
        static UserDocument of(final User user) {
            return new UserDocument(
                    user.tenant(), user.name(), user.uid(), user.gid(), user.groups(), time(user.createdNanos()));
        }
    }

    record KeyDocument(
            String accessKey,
            Optional<String> secretKey,
            String tenant,
            String user,
            boolean enabled,
            Instant created) {
        static KeyDocument of(final AccessKey key) {
            return of(key, Optional.empty());
        }

        static KeyDocument of(final Credential credential) {
            return of(credential.key(), Optional.of(credential.secret()));
        }

        private static KeyDocument of(final AccessKey key, final Optional<String> secret) {
            return new KeyDocument(key.id(), secret, key.tenant(), key.user(), key.enabled(), time(key.createdNanos()));
        }
    }

    record VolumeDocument(
            long id,
            String name,
            String tenant,
            String owner,
            Limits quota,
            Versioning versioning,
            Instant created,
            Map<String, String> attributes,
            Optional<Usage> usage) {
        static VolumeDocument of(final Volume volume, final Optional<Usage> usage) {
            return new VolumeDocument(
                    volume.id(),
                    volume.name(),
                    volume.tenant(),
                    volume.owner(),
                    Limits.of(volume.quota()),
                    volume.versioning(),
                    time(volume.createdNanos()),
                    volume.attributes(),
                    usage);
        }
    }

    record StatusDocument(
            String version,
            boolean healthy,
            List<String> troubles,
            Optional<String> clients,
            List<ShardDocument> shards,
            Optional<Long> tenants,
            List<WorkDocument> background,
            List<String> unreadable) {}

    record WorkDocument(String name, long backlog, long done, long errors, Optional<String> trouble) {
        static WorkDocument of(final WorkFigures work) {
            return new WorkDocument(work.name(), work.backlog(), work.done(), work.errors(), work.trouble());
        }
    }

    record ShardDocument(int number, boolean leader, long appliedIndex, int queueDepth) {}

    record CheckDocument(boolean clean, List<String> findings, long extents, long blocks, long bytes, double seconds) {}

    record NewTenant(String name, Optional<Limits> quota) {}

    record TenantChange(Optional<Limits> quota) {}

    record NewUser(String name, Optional<Integer> uid, Optional<Integer> gid, Optional<List<Integer>> groups) {}

    record UserChange(Optional<Integer> uid, Optional<Integer> gid, Optional<List<Integer>> groups) {}

    record NewKey(Optional<String> accessKey, Optional<String> secretKey) {}

    record KeyChange(boolean enabled) {}

    record NewVolume(
            String name,
            Optional<String> tenant,
            Optional<String> owner,
            Optional<Limits> quota,
            Optional<Versioning> versioning) {}

    record VolumeUpdate(Optional<Limits> quota, Optional<Versioning> versioning) {}

    static Instant time(final long nanos) {
        return Instant.ofEpochSecond(
                Math.floorDiv(nanos, TimeUnit.SECONDS.toNanos(1)), Math.floorMod(nanos, TimeUnit.SECONDS.toNanos(1)));
    }
}
