package io.tarn.client;

import java.util.Map;

/**
 * A volume: the bucket, the mount target, the {@code hdfs://host/<volume>}.
 *
 * @param id unique for ever
 * @param name unique in the cluster
 * @param tenant owning tenant
 * @param owner name of the user within the tenant who created it
 * @param rootInode inode of the root directory
 * @param quota its own limit, beside the tenant's
 * @param versioning whether old contents are kept
 * @param createdNanos nanoseconds since the epoch
 * @param attributes what gateways keep with it ({@code s3.acl}, {@code s3.tags}, {@code s3.region}), by name
 */
public record Volume(
        long id,
        String name,
        String tenant,
        String owner,
        long rootInode,
        Quota quota,
        Versioning versioning,
        long createdNanos,
        Map<String, String> attributes) {
    public Volume {
        attributes = Map.copyOf(attributes);
    }

    public String qualifiedOwner() {
        return tenant + "/" + owner;
    }
}
