package io.tarn.s3.fake;

import io.tarn.client.Key;
import io.tarn.client.ObjectStore.Upload;
import io.tarn.client.ObjectStore.UploadListing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One page of open uploads. */
final class UploadPage {
    private UploadPage() {}

    static UploadListing of(
            final List<Upload> open,
            final Key prefix,
            final Key delimiter,
            final Key keyMarker,
            final Optional<String> uploadMarker,
            final int limit) {
        var uploads = new ArrayList<Upload>();
        var prefixes = new ArrayList<Key>();
        List<Upload> sorted = open.stream()
                .sorted(Comparator.comparing(Upload::key)
                        .thenComparing(Upload::initiatedNanos)
                        .thenComparing(Upload::id))
                .toList();
        boolean passed = keyMarker.isEmpty();
        for (Upload upload : sorted) {
            boolean markerKey = upload.key().equals(keyMarker);
            boolean take = upload.key().compareTo(keyMarker) > 0 || markerKey && passed && !keyMarker.isEmpty();
            passed |= markerKey && uploadMarker.isPresent() && upload.id().equals(uploadMarker.get());
            if (!take || !upload.key().startsWith(prefix)) {
                continue;
            }
            Key rollUp = ListingPage.rollUp(upload.key(), prefix, delimiter);
            if (!rollUp.isEmpty() && (prefixes.contains(rollUp) || rollUp.equals(keyMarker))) {
                continue;
            }
            if (uploads.size() + prefixes.size() == limit) {
                return new UploadListing(uploads, prefixes, true);
            }
            if (rollUp.isEmpty()) {
                uploads.add(upload);
            } else {
                prefixes.add(rollUp);
            }
        }
        return new UploadListing(uploads, prefixes, false);
    }
}
