/** Listings of objects and versions: one range scan of the store a page, written straight to bytes. */
package io.tarn.s3.list;
