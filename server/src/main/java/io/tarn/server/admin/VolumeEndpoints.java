package io.tarn.server.admin;

import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.User;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.client.VolumeChange;
import io.tarn.client.VolumeSettings;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;
import io.tarn.server.admin.Documents.Limits;
import io.tarn.server.admin.Documents.NewVolume;
import io.tarn.server.admin.Documents.VolumeDocument;
import io.tarn.server.admin.Documents.VolumeUpdate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Volumes. */
final class VolumeEndpoints {
    private VolumeEndpoints() {}

    static List<Endpoint> all() {
        return List.of(
                Endpoint.get("/volumes", VolumeEndpoints::list),
                Endpoint.post("/volumes", VolumeEndpoints::create),
                Endpoint.get("/volumes/{volume}", VolumeEndpoints::show),
                Endpoint.patch("/volumes/{volume}", VolumeEndpoints::change),
                Endpoint.delete("/volumes/{volume}", VolumeEndpoints::delete));
    }

    private static Object list(final Call call) {
        final Optional<String> asked = call.parameter("tenant");
        asked.ifPresent(call.caller()::requireTenant);
        final Optional<String> tenant = call.caller().principal().root()
                ? asked
                : Optional.of(call.caller().principal().tenant());
        return call.administration().volumes(tenant).stream()
                .map(volume -> VolumeDocument.of(volume, Optional.empty()))
                .toList();
    }

    private static Object create(final Call call) {
        final NewVolume wanted = call.body(NewVolume.class);
        final var settings = new VolumeSettings(
                wanted.quota().map(Limits::quota).orElse(Quota.NONE),
                wanted.versioning().orElse(Versioning.OFF),
                Map.of());
        final Volume made =
                call.administration().createVolume(AccountEndpoints.name(wanted.name()), owner(call, wanted), settings);
        return VolumeDocument.of(made, Optional.empty());
    }

    /** The user named; else the caller in its own tenant; else the only user of the tenant named. */
    private static Principal owner(final Call call, final NewVolume wanted) {
        final Principal caller = call.caller().principal();
        final String tenant = wanted.tenant().orElse(caller.tenant());
        call.caller().requireTenant(tenant);
        if (wanted.owner().isEmpty() && tenant.equals(caller.tenant())) {
            return caller;
        }
        final List<User> candidates = wanted.owner()
                .map(name -> call.administration().user(tenant, name).stream().toList())
                .orElseGet(() -> call.administration().users(tenant));
        if (candidates.isEmpty() && wanted.owner().isPresent()) {
            throw new StorageException(
                    Failure.NOT_FOUND,
                    "no user " + tenant + "/" + wanted.owner().get());
        }
        if (candidates.size() != 1) {
            throw new StorageException(
                    Failure.INVALID_ARGUMENT,
                    "tenant " + tenant + " has " + candidates.size() + " users: name the owner of the volume");
        }
        final User user = candidates.getFirst();
        call.caller().requireUser(tenant, user.name());
        return new Principal(tenant, user.name(), user.uid(), user.gid(), user.groups(), false);
    }

    private static Object show(final Call call) {
        final Volume volume = call.caller().visibleVolume(call.administration(), call.variable("volume"));
        return VolumeDocument.of(volume, Optional.of(call.administration().volumeUsage(volume.name())));
    }

    private static Object change(final Call call) {
        final Volume volume = call.caller().ownVolume(call.administration(), call.variable("volume"));
        final VolumeUpdate update = call.body(VolumeUpdate.class);
        final var change = new VolumeChange(update.quota().map(Limits::quota), update.versioning(), Map.of());
        return VolumeDocument.of(call.administration().changeVolume(volume.name(), change), Optional.empty());
    }

    private static void delete(final Call call) {
        final Volume volume = call.caller().ownVolume(call.administration(), call.variable("volume"));
        call.administration().deleteVolume(volume.name());
    }
}
