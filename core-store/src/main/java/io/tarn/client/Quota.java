package io.tarn.client;

/**
 * What a volume or a tenant may use.
 *
 * @param bytes most bytes of content; {@link #UNLIMITED} for no limit
 * @param inodes most files, directories and links together; {@link #UNLIMITED} for no limit
 */
public record Quota(long bytes, long inodes) {
    public static final long UNLIMITED = Long.MAX_VALUE;
    public static final Quota NONE = new Quota(UNLIMITED, UNLIMITED);

    public Quota {
        if (bytes < 0 || inodes < 0) {
            throw new IllegalArgumentException("negative quota");
        }
    }
}
