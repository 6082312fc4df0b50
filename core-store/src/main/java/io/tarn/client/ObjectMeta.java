package io.tarn.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is kept with a file beside its bytes. Maps keep their order.
 *
 * @param headers system headers by lower-case name ({@code content-type}, {@code cache-control}, …)
 * @param userMetadata user metadata by lower-case name without prefix
 * @param tags object tags
 * @param storageClass storage class asked for; empty means the volume's default
 * @param acl access-control list in the form its gateway understands; empty means private to the owner
 * @param checksum checksum of the content
 */
public record ObjectMeta(
        Map<String, String> headers,
        Map<String, String> userMetadata,
        Map<String, String> tags,
        Optional<String> storageClass,
        Optional<String> acl,
        Optional<Checksum> checksum) {
    public static final ObjectMeta NONE =
            new ObjectMeta(Map.of(), Map.of(), Map.of(), Optional.empty(), Optional.empty(), Optional.empty());

    public ObjectMeta {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        userMetadata = Collections.unmodifiableMap(new LinkedHashMap<>(userMetadata));
        tags = Collections.unmodifiableMap(new LinkedHashMap<>(tags));
    }

    public ObjectMeta withTags(final Map<String, String> newTags) {
        return new ObjectMeta(headers, userMetadata, newTags, storageClass, acl, checksum);
    }

    public ObjectMeta withAcl(final Optional<String> newAcl) {
        return new ObjectMeta(headers, userMetadata, tags, storageClass, newAcl, checksum);
    }

    public ObjectMeta withChecksum(final Optional<Checksum> newChecksum) {
        return new ObjectMeta(headers, userMetadata, tags, storageClass, acl, newChecksum);
    }
}
