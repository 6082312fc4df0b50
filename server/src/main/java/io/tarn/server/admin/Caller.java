package io.tarn.server.admin;

import io.tarn.client.Administration;
import io.tarn.client.Principal;
import io.tarn.client.Volume;
import io.tarn.core.Failure;
import io.tarn.core.StorageException;

/**
 * Who asks, and what that lets them do: users of the root tenant everything; others read what belongs to their tenant, make and
 * unmake access keys of their own and volumes they own. What others own does not exist for them.
 *
 * @param principal whose signature the request carries
 */
record Caller(Principal principal) {
    void requireRoot() {
        if (!principal.root()) {
            throw denied();
        }
    }

    void requireTenant(final String tenant) {
        if (!sees(tenant)) {
            throw new StorageException(Failure.NOT_FOUND, "no tenant " + tenant);
        }
    }

    boolean sees(final String tenant) {
        return principal.root() || principal.tenant().equals(tenant);
    }

    /** Requires the user itself, or root. */
    void requireUser(final String tenant, final String user) {
        requireTenant(tenant);
        if (!principal.root() && !principal.user().equals(user)) {
            throw denied();
        }
    }

    Volume visibleVolume(final Administration administration, final String name) {
        return administration
                .volume(name)
                .filter(volume -> sees(volume.tenant()))
                .orElseThrow(() -> new StorageException(Failure.NOT_FOUND, "no volume " + name));
    }

    Volume ownVolume(final Administration administration, final String name) {
        final Volume volume = visibleVolume(administration, name);
        requireUser(volume.tenant(), volume.owner());
        return volume;
    }

    private StorageException denied() {
        return new StorageException(
                Failure.PERMISSION_DENIED, "user " + principal.qualifiedName() + " may not do this");
    }
}
