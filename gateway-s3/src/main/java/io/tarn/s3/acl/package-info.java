/** Access-control lists of buckets and objects: their grants, presets, headers and XML, and what they allow whom. */
package io.tarn.s3.acl;
