package io.tarn.core.protocol;

import io.tarn.client.Principal;
import io.tarn.client.Quota;
import io.tarn.client.Versioning;
import io.tarn.client.Volume;
import io.tarn.core.protocol.wire.SessionGrant;
import io.tarn.core.protocol.wire.VolumeMessage;
import java.util.List;

/** Volumes and principals as messages. */
public final class VolumeCodec {
    /** The place of a state is its code on the wire. */
    private static final List<Versioning> VERSIONING =
            List.of(Versioning.OFF, Versioning.ENABLED, Versioning.SUSPENDED);

    private VolumeCodec() {}

    public static VolumeMessage encode(final Volume volume) {
        return VolumeMessage.newBuilder()
                .setId(volume.id())
                .setName(volume.name())
                .setTenant(volume.tenant())
                .setOwner(volume.owner())
                .setRootInode(volume.rootInode())
                .setQuotaBytes(volume.quota().bytes())
                .setQuotaInodes(volume.quota().inodes())
                .setVersioning(VERSIONING.indexOf(volume.versioning()))
                .setCreatedNanos(volume.createdNanos())
                .putAllAttributes(volume.attributes())
                .build();
    }

    public static Volume decode(final VolumeMessage message) {
        return new Volume(
                message.getId(),
                message.getName(),
                message.getTenant(),
                message.getOwner(),
                message.getRootInode(),
                new Quota(message.getQuotaBytes(), message.getQuotaInodes()),
                NodeCodec.meaning(VERSIONING, message.getVersioning()),
                message.getCreatedNanos(),
                message.getAttributesMap());
    }

    public static void put(final Principal principal, final SessionGrant.Builder grant) {
        grant.setTenant(principal.tenant())
                .setUser(principal.user())
                .setUid(principal.uid())
                .setGid(principal.gid())
                .addAllGroups(principal.groups())
                .setRoot(principal.root());
    }

    public static Principal principal(final SessionGrant grant) {
        return new Principal(
                grant.getTenant(),
                grant.getUser(),
                grant.getUid(),
                grant.getGid(),
                grant.getGroupsList(),
                grant.getRoot());
    }
}
