using Cairn.Api.S3.Operations;
using static Cairn.Api.S3.Routing.ResourceLevel;

namespace Cairn.Api.S3.Routing;

/// <summary>Operations on a bucket.</summary>
internal static class BucketOperations
{
    public static readonly OperationRow[] Rows =
    [
        new("CreateBucket", "PUT", Bucket, "", "s3:CreateBucket") { Handler = CreateBucket.HandleAsync },
        new("HeadBucket", "HEAD", Bucket, "", "s3:ListBucket") { Handler = HeadBucket.HandleAsync },
        new("DeleteBucket", "DELETE", Bucket, "", "s3:DeleteBucket")
        {
            Handler = DeleteBucket.HandleAsync,
        },
        new("ListObjects", "GET", Bucket, "", "s3:ListBucket") { Handler = ListObjects.HandleAsync },
        new("ListObjectsV2", "GET", Bucket, "", "s3:ListBucket")
        {
            Distinction = Distinction.ListType2,
            Handler = ListObjectsV2.HandleAsync,
        },
        new("ListObjectVersions", "GET", Bucket, "versions", "s3:ListBucketVersions")
        {
            Handler = ListObjectVersions.HandleAsync,
        },
        new("ListMultipartUploads", "GET", Bucket, "uploads", "s3:ListBucketMultipartUploads")
        {
            Handler = ListMultipartUploads.HandleAsync,
        },
        new("DeleteObjects", "POST", Bucket, "delete", "s3:DeleteObject")
        {
            IsAuthorizedByKey = true,
            Handler = DeleteObjects.HandleAsync,
        },
        new("PostObject", "POST", Bucket, "", "s3:PutObject"),
        new("PreflightBucket", "OPTIONS", Bucket, "", "s3:GetBucketCORS"),
        new("CreateSession", "GET", Bucket, "session", "s3express:CreateSession"),
        new("GetBucketLocation", "GET", Bucket, "location", "s3:GetBucketLocation")
        {
            Handler = GetBucketLocation.HandleAsync,
        },
        new("GetBucketAcl", "GET", Bucket, "acl", "s3:GetBucketAcl")
        {
            Handler = GetBucketAcl.HandleAsync,
        },
        new("PutBucketAcl", "PUT", Bucket, "acl", "s3:PutBucketAcl")
        {
            Handler = PutBucketAcl.HandleAsync,
        },
        new("GetBucketVersioning", "GET", Bucket, "versioning", "s3:GetBucketVersioning")
        {
            Handler = GetBucketVersioning.HandleAsync,
        },
        new("PutBucketVersioning", "PUT", Bucket, "versioning", "s3:PutBucketVersioning")
        {
            Handler = PutBucketVersioning.HandleAsync,
        },
        new("GetBucketTagging", "GET", Bucket, "tagging", "s3:GetBucketTagging")
        {
            Handler = GetBucketTagging.HandleAsync,
        },
        new("PutBucketTagging", "PUT", Bucket, "tagging", "s3:PutBucketTagging")
        {
            Handler = PutBucketTagging.HandleAsync,
        },
        new("DeleteBucketTagging", "DELETE", Bucket, "tagging", "s3:PutBucketTagging")
        {
            Handler = DeleteBucketTagging.HandleAsync,
        },
        new("GetBucketAbac", "GET", Bucket, "abac", "s3:GetBucketABAC"),
        new("PutBucketAbac", "PUT", Bucket, "abac", "s3:PutBucketABAC"),
        new("GetBucketAccelerateConfiguration", "GET", Bucket, "accelerate", "s3:GetAccelerateConfiguration"),
        new("PutBucketAccelerateConfiguration", "PUT", Bucket, "accelerate", "s3:PutAccelerateConfiguration"),
        new("ListBucketAnalyticsConfigurations", "GET", Bucket, "analytics", "s3:GetAnalyticsConfiguration"),
        new("GetBucketAnalyticsConfiguration", "GET", Bucket, "analytics", "s3:GetAnalyticsConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketAnalyticsConfiguration", "PUT", Bucket, "analytics", "s3:PutAnalyticsConfiguration"),
        new("DeleteBucketAnalyticsConfiguration", "DELETE", Bucket, "analytics", "s3:PutAnalyticsConfiguration"),
        new(
            "ListBucketIntelligentTieringConfigurations",
            "GET",
            Bucket,
            "intelligent-tiering",
            "s3:GetIntelligentTieringConfiguration"),
        new(
            "GetBucketIntelligentTieringConfiguration",
            "GET",
            Bucket,
            "intelligent-tiering",
            "s3:GetIntelligentTieringConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new(
            "PutBucketIntelligentTieringConfiguration",
            "PUT",
            Bucket,
            "intelligent-tiering",
            "s3:PutIntelligentTieringConfiguration"),
        new(
            "DeleteBucketIntelligentTieringConfiguration",
            "DELETE",
            Bucket,
            "intelligent-tiering",
            "s3:PutIntelligentTieringConfiguration"),
        new("ListBucketInventoryConfigurations", "GET", Bucket, "inventory", "s3:GetInventoryConfiguration"),
        new("GetBucketInventoryConfiguration", "GET", Bucket, "inventory", "s3:GetInventoryConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketInventoryConfiguration", "PUT", Bucket, "inventory", "s3:PutInventoryConfiguration"),
        new("DeleteBucketInventoryConfiguration", "DELETE", Bucket, "inventory", "s3:PutInventoryConfiguration"),
        new("ListBucketMetricsConfigurations", "GET", Bucket, "metrics", "s3:GetMetricsConfiguration"),
        new("GetBucketMetricsConfiguration", "GET", Bucket, "metrics", "s3:GetMetricsConfiguration")
        {
            Distinction = Distinction.Named,
        },
        new("PutBucketMetricsConfiguration", "PUT", Bucket, "metrics", "s3:PutMetricsConfiguration"),
        new("DeleteBucketMetricsConfiguration", "DELETE", Bucket, "metrics", "s3:PutMetricsConfiguration"),
        new("GetBucketCors", "GET", Bucket, "cors", "s3:GetBucketCORS"),
        new("PutBucketCors", "PUT", Bucket, "cors", "s3:PutBucketCORS"),
        new("DeleteBucketCors", "DELETE", Bucket, "cors", "s3:PutBucketCORS"),
        new("GetBucketEncryption", "GET", Bucket, "encryption", "s3:GetEncryptionConfiguration"),
        new("PutBucketEncryption", "PUT", Bucket, "encryption", "s3:PutEncryptionConfiguration"),
        new("DeleteBucketEncryption", "DELETE", Bucket, "encryption", "s3:PutEncryptionConfiguration"),
        new("GetBucketLifecycleConfiguration", "GET", Bucket, "lifecycle", "s3:GetLifecycleConfiguration"),
        new("PutBucketLifecycleConfiguration", "PUT", Bucket, "lifecycle", "s3:PutLifecycleConfiguration"),
        new("DeleteBucketLifecycle", "DELETE", Bucket, "lifecycle", "s3:PutLifecycleConfiguration"),
        new("GetBucketLogging", "GET", Bucket, "logging", "s3:GetBucketLogging"),
        new("PutBucketLogging", "PUT", Bucket, "logging", "s3:PutBucketLogging"),
        new(
            "CreateBucketMetadataConfiguration",
            "POST",
            Bucket,
            "metadataConfiguration",
            "s3:CreateBucketMetadataTableConfiguration"),
        new(
            "GetBucketMetadataConfiguration",
            "GET",
            Bucket,
            "metadataConfiguration",
            "s3:GetBucketMetadataTableConfiguration"),
        new(
            "DeleteBucketMetadataConfiguration",
            "DELETE",
            Bucket,
            "metadataConfiguration",
            "s3:DeleteBucketMetadataTableConfiguration"),
        new(
            "CreateBucketMetadataTableConfiguration",
            "POST",
            Bucket,
            "metadataTable",
            "s3:CreateBucketMetadataTableConfiguration"),
        new(
            "GetBucketMetadataTableConfiguration",
            "GET",
            Bucket,
            "metadataTable",
            "s3:GetBucketMetadataTableConfiguration"),
        new(
            "DeleteBucketMetadataTableConfiguration",
            "DELETE",
            Bucket,
            "metadataTable",
            "s3:DeleteBucketMetadataTableConfiguration"),
        new(
            "UpdateBucketMetadataAnnotationTableConfiguration",
            "PUT",
            Bucket,
            "metadataAnnotationTable",
            "s3:UpdateBucketMetadataAnnotationTableConfiguration"),
        new(
            "UpdateBucketMetadataInventoryTableConfiguration",
            "PUT",
            Bucket,
            "metadataInventoryTable",
            "s3:UpdateBucketMetadataInventoryTableConfiguration"),
        new(
            "UpdateBucketMetadataJournalTableConfiguration",
            "PUT",
            Bucket,
            "metadataJournalTable",
            "s3:UpdateBucketMetadataJournalTableConfiguration"),
        new("GetBucketNotificationConfiguration", "GET", Bucket, "notification", "s3:GetBucketNotification"),
        new("PutBucketNotificationConfiguration", "PUT", Bucket, "notification", "s3:PutBucketNotification"),
        new("GetObjectLockConfiguration", "GET", Bucket, "object-lock", "s3:GetBucketObjectLockConfiguration"),
        new("PutObjectLockConfiguration", "PUT", Bucket, "object-lock", "s3:PutBucketObjectLockConfiguration"),
        new("GetBucketOwnershipControls", "GET", Bucket, "ownershipControls", "s3:GetBucketOwnershipControls"),
        new("PutBucketOwnershipControls", "PUT", Bucket, "ownershipControls", "s3:PutBucketOwnershipControls"),
        new("DeleteBucketOwnershipControls", "DELETE", Bucket, "ownershipControls", "s3:PutBucketOwnershipControls"),
        new("GetBucketPolicy", "GET", Bucket, "policy", "s3:GetBucketPolicy"),
        new("PutBucketPolicy", "PUT", Bucket, "policy", "s3:PutBucketPolicy"),
        new("DeleteBucketPolicy", "DELETE", Bucket, "policy", "s3:DeleteBucketPolicy"),
        new("GetBucketPolicyStatus", "GET", Bucket, "policyStatus", "s3:GetBucketPolicyStatus"),
        new("GetPublicAccessBlock", "GET", Bucket, "publicAccessBlock", "s3:GetBucketPublicAccessBlock"),
        new("PutPublicAccessBlock", "PUT", Bucket, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        new("DeletePublicAccessBlock", "DELETE", Bucket, "publicAccessBlock", "s3:PutBucketPublicAccessBlock"),
        new("GetBucketReplication", "GET", Bucket, "replication", "s3:GetReplicationConfiguration"),
        new("PutBucketReplication", "PUT", Bucket, "replication", "s3:PutReplicationConfiguration"),
        new("DeleteBucketReplication", "DELETE", Bucket, "replication", "s3:PutReplicationConfiguration"),
        new("GetBucketRequestPayment", "GET", Bucket, "requestPayment", "s3:GetBucketRequestPayment"),
        new("PutBucketRequestPayment", "PUT", Bucket, "requestPayment", "s3:PutBucketRequestPayment"),
        new("GetBucketWebsite", "GET", Bucket, "website", "s3:GetBucketWebsite"),
        new("PutBucketWebsite", "PUT", Bucket, "website", "s3:PutBucketWebsite"),
        new("DeleteBucketWebsite", "DELETE", Bucket, "website", "s3:DeleteBucketWebsite"),
    ];
}
